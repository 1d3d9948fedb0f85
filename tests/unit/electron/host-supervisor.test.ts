import { describe, expect, it } from 'vitest';
import type { HostFailure, ToHost } from '../../../src/main/electron/host-messages.ts';
import { type HostChild, superviseHost } from '../../../src/main/electron/host-supervisor.ts';
import type { HostStart } from '../../../src/shared/key-hand-over.ts';

const START: HostStart = {
  type: 'start',
  dataFolder: '/data',
  dataKey: null,
  centralUrl: 'http://127.0.0.1:4701',
  practice: true,
  allowKeyFile: false,
  demoLogin: null,
  version: '1.0.0',
};
const MISSING: HostFailure = { type: 'failed', code: 'KEY_MISSING', next: 'call-administrator', detail: 'switched' };

/** A supervisor over host processes that the test ends by hand, and a clock that the test moves. */
function rig(starts: (HostStart | HostFailure)[] = []) {
  let clock = 0;
  const timers: { at: number; work: () => void }[] = [];
  const hosts: {
    got: { message: ToHost; port?: string }[];
    die: () => void;
    say: (m: unknown) => void;
    killed: boolean;
  }[] = [];
  const failures: HostFailure[] = [];
  let newHosts = 0;
  const fork = (): HostChild<string> => {
    let exit: (code: number) => void = () => undefined;
    let listen: (message: unknown) => void = () => undefined;
    const host = { got: [] as { message: ToHost; port?: string }[], killed: false };
    hosts.push(
      Object.assign(host, {
        die: () => {
          exit(1);
          exit = () => undefined;
        },
        say: (message: unknown) => listen(message),
      }),
    );
    return {
      send: (message, port) => host.got.push(port === undefined ? { message } : { message, port }),
      onMessage: (listener) => {
        listen = listener;
      },
      onExit: (listener) => {
        exit = listener;
      },
      kill: () => {
        host.killed = true;
      },
    };
  };
  const supervisor = superviseHost<string>({
    fork,
    start: () => starts.shift() ?? START,
    onFailed: (failure) => failures.push(failure),
    onNewHost: () => {
      newHosts += 1;
    },
    later: (work, milliseconds) => timers.push({ at: clock + milliseconds, work }),
    now: () => clock,
  });
  const pass = (milliseconds: number) => {
    clock += milliseconds;
    for (const timer of timers.splice(0)) timer.at <= clock ? timer.work() : timers.push(timer);
  };
  return { supervisor, hosts, failures, pass, newHosts: () => newHosts };
}

describe('the supervised host', () => {
  it('gets its start first, then the ports', () => {
    const { supervisor, hosts } = rig();
    expect(supervisor.connect('too early')).toBe(false);
    supervisor.start();
    expect(supervisor.connect('port 1')).toBe(true);
    expect(hosts).toHaveLength(1);
    expect(hosts[0]?.got).toEqual([{ message: START }, { message: { type: 'port' }, port: 'port 1' }]);
  });

  it('is replaced at once when it dies after a healthy life, and pages are told to connect', () => {
    const { supervisor, hosts, pass, newHosts } = rig();
    supervisor.start();
    pass(60_000);
    hosts[0]?.die();
    expect(supervisor.connect('while there is none')).toBe(false);
    pass(0);
    expect(hosts).toHaveLength(2);
    expect(newHosts()).toBe(2);
  });

  it('is tried for ever when it keeps dying, but not faster than every 5 s', () => {
    const { supervisor, hosts, pass } = rig();
    supervisor.start();
    for (let second = 0; second < 600; second += 1) {
      hosts.at(-1)?.die();
      pass(1000);
    }
    expect(hosts.length).toBeGreaterThan(100);
    expect(hosts.length).toBeLessThan(130);
  });

  it('is never two at once', () => {
    const { supervisor, hosts, pass } = rig();
    supervisor.start();
    supervisor.start();
    hosts[0]?.die();
    supervisor.connect('asks while a start is planned');
    pass(0);
    pass(10_000);
    expect(hosts).toHaveLength(2);
  });

  it('tells why it could not open, in its own words only', () => {
    const { supervisor, hosts, failures } = rig();
    supervisor.start();
    hosts[0]?.say({ type: 'failed', code: 'NEWER_DATABASE', next: 'update-dangol', detail: 'version 9' });
    hosts[0]?.say({ type: 'failed', code: 'SOMETHING', next: 'x', detail: 1 });
    hosts[0]?.say('nonsense');
    expect(failures).toMatchObject([{ code: 'NEWER_DATABASE' }]);
  });

  it('is not started without its key, and tried again only when a page asks', () => {
    const { supervisor, hosts, failures, pass } = rig([MISSING, MISSING]);
    supervisor.start();
    pass(60_000);
    expect(failures).toEqual([MISSING]);
    expect(supervisor.connect('asks')).toBe(false);
    expect(failures).toEqual([MISSING, MISSING]);
    expect(supervisor.connect('asks when the keyring is open')).toBe(false);
    expect(hosts).toHaveLength(1);
  });

  it('is asked to end, and killed when it does not', async () => {
    const { supervisor, hosts, pass } = rig();
    supervisor.start();
    const stopped = supervisor.stop(3000);
    expect(hosts[0]?.got.at(-1)).toEqual({ message: { type: 'stop' } });
    pass(3000);
    await stopped;
    expect(hosts[0]?.killed).toBe(true);
    hosts[0]?.die();
    pass(60_000);
    expect(hosts).toHaveLength(1);
    expect(supervisor.connect('late')).toBe(false);
  });
});
