import { afterEach, describe, expect, test } from 'vitest';
import { customerKey } from '../../../src/renderer/work-keys.ts';
import { newId } from '../../../src/shared/ids.ts';
import { fixedId } from '../../fakes/desk-fixtures.ts';
import { createFakeHost, type FakeHost } from '../../fakes/fake-host.ts';
import { createWorld, readyWorld, type World } from './world.ts';

// Two windows of one agent at one host: what one of them is doing is not the other one's to end.

const worlds: World[] = [];
function keep(world: World): World {
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

const calls = (world: World) => world.desk.calls.store.getState().calls;
const heard = (world: World, name: string) => world.host.state.heard.filter((one) => one === name).length;

/** One window talks; the host would give that call to whoever asks what was left. */
async function talking(host = createFakeHost()): Promise<{ first: World; callId: string }> {
  const first = keep(await readyWorld({ host }));
  const callId = first.line.ring();
  first.line.talk(callId);
  await first.until(() => host.state.calls.some((call) => call.phase === 'talking'));
  host.state.restoreCalls = host.state.calls.slice(-1);
  return { first, callId };
}

describe('while one window talks', () => {
  test('another one is opened: it neither shows the call nor ends it', async () => {
    const { first, callId } = await talking();
    await first.until(() => heard(first, 'note.drafts') > 0);
    const before = heard(first, 'note.drafts');
    const second = keep(createWorld({ host: first.host }));
    // What it reads after the calls: they were dealt with.
    await second.until(() => heard(first, 'note.drafts') > before);
    expect(calls(second)).toEqual([]);
    expect(first.host.state.calls.filter((call) => call.callId === callId).map((call) => call.phase)).not.toContain(
      'wrap_up',
    );
  });

  test('the host is started again and the other window is there first: it takes no call of an earlier time for its own', async () => {
    const host = createFakeHost();
    const other = keep(await readyWorld({ host }));
    await other.until(() => heard(other, 'note.drafts') > 0);
    host.state.phoneHolder = null;
    const { first, callId } = await talking(host);
    host.kill();
    // A new host has yet to hear who talks.
    host.state.windowOf.clear();
    const before = heard(other, 'note.drafts');
    host.restart(0);
    await other.until(() => heard(other, 'note.drafts') > before);
    expect(calls(other)).toEqual([]);
    host.restart(1);
    await first.until(() => first.desk.connection.getState().status === 'up');
    expect(host.state.calls.filter((call) => call.callId === callId).map((call) => call.phase)).not.toContain(
      'wrap_up',
    );
  });
});

describe('one draft in two windows', () => {
  const GOLD = fixedId(10);
  const KEY = customerKey(GOLD);
  const slot = (world: World) => world.desk.notes.store.getState().slots[KEY];
  const written = (host: FakeHost) => [...host.state.drafts.values()].map(({ text }) => text).toSorted();

  /** A window that has the draft before it, as it was left. */
  async function withDraft(host: FakeHost, noteId: string): Promise<World> {
    const world = keep(createWorld({ host }));
    await world.until(() => world.desk.session.store.getState().session?.status === 'signed_in');
    await world.desk.notes.bring(KEY, { noteId, callId: null, customerId: GOLD, text: '요금', revision: 5 });
    return world;
  }

  test('both write on: what the agent is shown as kept is kept, in both', async () => {
    const host = createFakeHost();
    const noteId = newId();
    const first = await withDraft(host, noteId);
    const second = await withDraft(host, noteId);
    first.desk.notes.type(KEY, '요금 문의');
    await first.desk.notes.flush(KEY);
    second.desk.notes.type(KEY, '요금 이의 신청');
    await second.desk.notes.flush(KEY);
    await second.until(() => slot(second)?.journaledRevision === slot(second)?.revision);
    expect(written(host)).toEqual(['요금 문의', '요금 이의 신청']);
    // From now on they are two notes.
    expect(slot(second)?.noteId).not.toBe(slot(first)?.noteId);
    second.desk.notes.type(KEY, '요금 이의 신청 접수');
    first.desk.notes.type(KEY, '요금 문의 안내');
    await Promise.all([first.desk.notes.flush(KEY), second.desk.notes.flush(KEY)]);
    expect(written(host)).toEqual(['요금 문의 안내', '요금 이의 신청 접수']);
  });

  test('the host kept a later revision than this window knows: the same', async () => {
    const host = createFakeHost();
    const noteId = newId();
    const second = await withDraft(host, noteId);
    host.state.drafts.set(noteId, { noteId, callId: null, customerId: GOLD, text: '다른 창에서 쓴 글', revision: 9 });
    second.desk.notes.type(KEY, '요금 이의 신청');
    await second.desk.notes.flush(KEY);
    await second.until(() => slot(second)?.journaledRevision === slot(second)?.revision);
    expect(written(host)).toEqual(['다른 창에서 쓴 글', '요금 이의 신청']);
  });
});
