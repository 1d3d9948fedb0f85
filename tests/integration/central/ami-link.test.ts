import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AmiLink, createAmiLink } from '../../../src/central/pbx/ami-link.ts';
import type { AmiMessage } from '../../../src/central/pbx/ami-messages.ts';
import type { PbxLink } from '../../../src/shared/pbx.ts';
import { type FakePbx, startFakePbx } from '../../fakes/fake-pbx.ts';

/** Long enough for a machine that does something else, too. */
const SOON = { timeout: 15_000, interval: 20 };

let pbx: FakePbx;
let link: AmiLink;
let states: PbxLink[];
let events: AmiMessage[];
let warnings: string[];

const setting = () => ({
  host: '127.0.0.1',
  port: pbx.port,
  username: 'dangol',
  secret: 'loopback-secret',
  pauseSeconds: 120,
});

beforeEach(async () => {
  pbx = await startFakePbx();
  [states, events, warnings] = [[], [], []];
  link = createAmiLink({
    random: () => 0.01,
    onUp: async () => {},
    onEvent: (event) => events.push(event),
    onAlive: () => {},
    onChange: (state) => states.push(state),
    warn: (event, why) => warnings.push(`${event} ${why}`),
  });
});
afterEach(async () => {
  link.close();
  await pbx.close();
});

const up = () => vi.waitUntil(() => link.state() === 'up', { timeout: 5000, interval: 5 });

describe('the link to the PBX', () => {
  it('answers each action with its own answer, lists whole, also byte by byte', async () => {
    pbx.send = 'bytes';
    pbx.members = [{ queue: 'support', device: 'PJSIP/kim', paused: false, reason: '' }];
    link.use(setting());
    await up();
    const [pong, queues, refused] = await Promise.all([
      link.action({ Action: 'Ping' }),
      link.action({ Action: 'QueueStatus' }),
      link.action({ Action: 'QueuePause', Interface: 'PJSIP/nobody', Paused: 'true' }).catch((e: unknown) => String(e)),
    ]);
    expect(pong.response.Ping).toBe('Pong');
    expect(queues.list).toMatchObject([{ Event: 'QueueMember', Queue: 'support' }]);
    expect(refused).toContain('Interface not found');
  });

  it('an action without an answer ends by its time; the late answer goes nowhere', async () => {
    link.use(setting());
    await up();
    pbx.deaf.add('QueueStatus');
    await expect(link.action({ Action: 'QueueStatus' }, 30)).rejects.toMatchObject({ kind: 'silent' });
    const id = pbx.actions.findLast((action) => action.Action === 'QueueStatus')?.ActionID ?? '';
    pbx.event({ Response: 'Success', ActionID: id });
    pbx.event({ Event: 'QueueCallerJoin', Queue: 'support' });
    await vi.waitUntil(() => events.length > 0, SOON);
    expect(events).toMatchObject([{ Event: 'QueueCallerJoin' }]);
  });

  it('comes back by itself whenever the line is cut, and says meanwhile that it is down', async () => {
    link.use(setting());
    for (let round = 0; round < 5; round++) {
      await up();
      pbx.cut({ stay: true });
      await vi.waitUntil(() => link.state() === 'down', SOON);
      await expect(link.action({ Action: 'Ping' })).rejects.toMatchObject({ kind: 'unreachable' });
      await pbx.mend();
    }
    await up();
    expect(states.filter((state) => state === 'down')).toHaveLength(5);
  });

  it('an action that waits when the line is cut fails at once', async () => {
    link.use(setting());
    await up();
    pbx.deaf.add('QueueStatus');
    const waiting = link.action({ Action: 'QueueStatus' }, 60_000);
    pbx.cut();
    await expect(waiting).rejects.toMatchObject({ kind: 'closed' });
  });

  it('a wrong secret is tried once, not over and over; a corrected one at once', async () => {
    link.use({ ...setting(), secret: 'wrong' });
    await vi.waitUntil(() => link.state() === 'refused', SOON);
    // Every wait of an unreachable PBX would be over by now: with this jitter they are 5 to 10 ms.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(pbx.logins).toBe(1);
    expect(JSON.stringify(warnings)).not.toContain('wrong');
    link.use(setting());
    await up();
    expect(pbx.logins).toBe(2);
  });

  it('a PBX that goes down and says no to everybody is not taken for a wrong secret: it is tried again soon', async () => {
    pbx.goingDown = true;
    link.use(setting());
    await vi.waitUntil(() => pbx.actions.length >= 2, SOON);
    expect(states).not.toContain('refused');
    pbx.goingDown = false;
    await up();
  });

  it('nonsense on the line closes it, and it is tried again', async () => {
    link.use(setting());
    await up();
    pbx.say('Event: x'.padEnd(300_000, 'y'));
    await vi.waitUntil(() => states.includes('down'), SOON);
    await up();
  });

  it('a PBX that is connected and says nothing is noticed', { timeout: 15_000 }, async () => {
    link.use(setting());
    await up();
    pbx.deaf.add('Ping');
    await vi.waitUntil(() => states.includes('down'), { timeout: 8000 });
    expect(warnings.at(-1)).toContain('silent');
  });

  it('without a setting there is no link, and no try', async () => {
    link.use(setting());
    await up();
    link.use(null);
    expect(link.state()).toBe('none');
    await vi.waitUntil(() => pbx.connections() === 0, SOON);
  });
});
