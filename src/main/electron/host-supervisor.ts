import type { HostStart } from '../../shared/key-hand-over.ts';
import { FromHost, type HostFailure, type ToHost } from './host-messages.ts';

/** A host process as the supervisor sees it. `Port` is Electron's MessagePortMain, or whatever a test uses. */
export interface HostChild<Port> {
  send: (message: ToHost, port?: Port) => void;
  onMessage: (listener: (message: unknown) => void) => void;
  onExit: (listener: (code: number) => void) => void;
  kill: () => void;
}

export interface SupervisorOptions<Port> {
  fork: () => HostChild<Port>;
  /** Asked for each new host. A failure here is not repeated by itself (the keyring may ask the user each time). */
  start: () => HostStart | HostFailure;
  /** Why there is no host; called for each failed start. */
  onFailed: (failure: HostFailure) => void;
  /** A host took its start message and is about to serve: every page needs a new port. */
  onNewHost: () => void;
  later: (work: () => void, milliseconds: number) => void;
  now: () => number;
}

export interface HostSupervisor<Port> {
  start: () => void;
  /** Gives a page's port to the host. False while there is none: the page gets another at the next onNewHost. */
  connect: (port: Port) => boolean;
  /** Ends the host: asks first, kills after `graceMs`. */
  stop: (graceMs: number) => Promise<void>;
}

/** A host that lived this long was healthy: its end is answered at once. Others wait, so that a broken one eats no machine. */
const HEALTHY_AFTER_MS = 5000;
const WAITS_MS = [0, 100, 400, 1000, 2000, 5000] as const;

/** Keeps one host alive for as long as the shell lives. Never gives up; never runs two at once (the data folder has one owner). */
export function superviseHost<Port>(options: SupervisorOptions<Port>): HostSupervisor<Port> {
  let child: HostChild<Port> | null = null;
  let startedAt = 0;
  let failures = 0;
  let waiting = false;
  let stopping = false;
  let stopped: (() => void) | null = null;

  function launch(): void {
    waiting = false;
    if (stopping || child) return;
    const start = options.start();
    if (start.type === 'failed') {
      options.onFailed(start);
      return;
    }
    const born = options.fork();
    child = born;
    startedAt = options.now();
    born.onMessage((raw) => {
      const message = FromHost.safeParse(raw);
      if (message.success && message.data.type === 'failed') options.onFailed(message.data);
    });
    born.onExit(() => {
      if (child === born) child = null;
      if (stopping) stopped?.();
      else relaunch();
    });
    born.send(start);
    options.onNewHost();
  }

  function relaunch(): void {
    if (options.now() - startedAt >= HEALTHY_AFTER_MS) failures = 0;
    const wait = WAITS_MS[Math.min(failures, WAITS_MS.length - 1)] ?? 0;
    failures += 1;
    waiting = true;
    options.later(launch, wait);
  }

  return {
    start: launch,
    connect(port) {
      if (child && !stopping) {
        child.send({ type: 'port' }, port);
        return true;
      }
      // A page asks and nobody is about to start a host: the last start failed, and it is worth another try.
      if (!waiting) launch();
      return false;
    },
    stop(graceMs) {
      stopping = true;
      const running = child;
      if (!running) return Promise.resolve();
      return new Promise((resolve) => {
        stopped = resolve;
        running.send({ type: 'stop' });
        options.later(() => {
          running.kill();
          resolve();
        }, graceMs);
      });
    },
  };
}
