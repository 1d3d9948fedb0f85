import { waitAfterFailure } from './backoff.ts';
import type { Clock } from './clock.ts';
import { reasonOf } from './failure.ts';
import type { LiveConnection, SyncTransport } from './transport.ts';

/** Without any sign of life for this long a connection counts as half-open: it is closed and made again. */
const SILENCE_MS = 60_000;
/** Until the centre says welcome. */
const CONNECT_MS = 10_000;
const SIGNED_OUT_RETRY_MS = 60_000;
const RECOVER_WITHIN_MS = 500;

export interface LiveOptions {
  transport: SyncTransport;
  clock: Clock;
  random: () => number;
  /** Something changed at the centre, or may have while nobody listened. */
  onPoke: () => void;
  /** There is a line to the centre (again). */
  onWelcome: () => void;
}

export interface Live {
  start(): void;
  stop(): void;
  /** Connect now if there is no connection: after a sign-in, or because the agent asked. */
  hurry(): void;
  /** Somebody else reached the centre again: do not wait out a long backoff. */
  recover(): void;
  connected(): boolean;
}

/**
 * Keeps a live connection for ever; all it carries is "there is something new".
 *
 *   stopped -> connecting -> welcome -> (closed or silent) -> waiting with full jitter -> connecting
 */
export function createLive({ transport, clock, random, onPoke, onWelcome }: LiveOptions): Live {
  let connection: LiveConnection | null = null;
  let welcome = false;
  let running = false;
  let failures = 0;
  let cancelTimer: () => void = () => undefined;

  const later = (delayMs: number, run: () => void) => {
    cancelTimer();
    cancelTimer = clock.schedule(delayMs, run);
  };
  const lose = (delayMs: number) => {
    connection?.close();
    connection = null;
    welcome = false;
    if (running) later(delayMs, connect);
  };
  const failed = (signedOut: boolean) => {
    failures += 1;
    lose(signedOut ? SIGNED_OUT_RETRY_MS : waitAfterFailure(failures, null, random));
  };
  const alive = () => later(SILENCE_MS, () => failed(false));
  const connect = () => {
    if (!running || connection) return;
    // A factory may call back before it returns: the callbacks must not take an older connection's place.
    let current = true;
    later(CONNECT_MS, () => failed(false));
    const only = (run: () => void) => () => {
      if (current && running) run();
    };
    const made = transport.live({
      onWelcome: only(() => {
        welcome = true;
        failures = 0;
        alive();
        onWelcome();
        onPoke();
      }),
      onPoke: only(() => {
        alive();
        onPoke();
      }),
      onAlive: only(alive),
      onClosed: (failure) => {
        only(() => {
          current = false;
          connection = null;
          failed(reasonOf(failure)?.kind === 'signed_out');
        })();
      },
    });
    if (!current) return;
    connection = {
      close: () => {
        current = false;
        made.close();
      },
    };
  };

  return {
    start: () => {
      running = true;
      connect();
    },
    stop: () => {
      running = false;
      cancelTimer();
      lose(0);
    },
    hurry: () => {
      if (running && !connection) later(0, connect);
    },
    recover: () => {
      if (running && !connection) later(Math.floor(random() * RECOVER_WITHIN_MS), connect);
    },
    connected: () => welcome,
  };
}
