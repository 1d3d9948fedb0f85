import { afterEach, describe, expect, test } from 'vitest';
import { callKey } from '../../../src/renderer/work-keys.ts';
import { readyWorld, type World } from './world.ts';

const worlds: World[] = [];
async function inCall(): Promise<World & { callId: string; key: string }> {
  const world = await readyWorld();
  worlds.push(world);
  const callId = world.line.ring();
  world.line.talk(callId);
  return { ...world, callId, key: callKey(callId) };
}
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

const slot = (world: World, key: string) => world.desk.notes.store.getState().slots[key];
const drafts = (world: World) => [...world.host.state.drafts.values()].map((draft) => draft.text);

describe('nothing typed is lost', () => {
  test('what is typed reaches the host without being saved, tied to the call and the customer', async () => {
    const world = await inCall();
    world.desk.notes.type(world.key, '환불 문의');
    await world.until(() => drafts(world).includes('환불 문의'));
    const [draft] = [...world.host.state.drafts.values()];
    expect(draft).toMatchObject({ callId: world.callId, customerId: expect.any(String) });
  });

  test('somebody who types without a pause is journaled all the same', async () => {
    const world = await inCall();
    for (let i = 1; i <= 40; i += 1) {
      world.desk.notes.type(world.key, '가'.repeat(i));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(drafts(world)[0]?.length ?? 0).toBeGreaterThan(0);
  });

  test('host killed while typing: when it is back it has every character', async () => {
    const world = await inCall();
    world.desk.notes.type(world.key, '앞');
    world.host.kill();
    world.desk.notes.type(world.key, '앞 뒤');
    await new Promise((resolve) => setTimeout(resolve, 150));
    world.desk.notes.type(world.key, '앞 뒤 끝');
    world.host.restart();
    await world.until(() => drafts(world).includes('앞 뒤 끝'));
    expect(slot(world, world.key)?.text).toBe('앞 뒤 끝');
  });

  test('a save made while the host is away is done once, under the same id', async () => {
    const world = await inCall();
    world.desk.notes.type(world.key, '메모');
    const { noteId } = slot(world, world.key) ?? {};
    world.host.kill();
    const saving = world.desk.notes.save(world.key);
    world.host.restart();
    expect(await saving).toBe(true);
    expect([...world.host.state.notes.keys()]).toEqual([noteId]);
    expect(drafts(world)).toEqual([]);
  });

  test('what is typed while a save is on its way begins the next note', async () => {
    const world = await inCall();
    world.desk.notes.type(world.key, '첫 메모');
    const saving = world.desk.notes.save(world.key);
    world.desk.notes.type(world.key, '첫 메모 그리고');
    await saving;
    expect(slot(world, world.key)?.text).toBe(' 그리고');
    await world.until(() => drafts(world).includes(' 그리고'));
  });

  test('a full disk is said, the text stays, and the next key tries again', async () => {
    const world = await inCall();
    world.host.state.failing.set('note.draft', { code: 'DISK_FULL', next: 'free-disk-space' });
    world.desk.notes.type(world.key, '글');
    await world.until(() => slot(world, world.key)?.problem?.code === 'DISK_FULL');
    expect(slot(world, world.key)?.text).toBe('글');
    world.host.state.failing.clear();
    world.desk.notes.type(world.key, '글자');
    await world.until(() => slot(world, world.key)?.problem === null && drafts(world).includes('글자'));
  });

  test('saved here, then at the centre', async () => {
    const world = await inCall();
    world.desk.notes.type(world.key, '메모');
    await world.desk.notes.save(world.key);
    const saved = slot(world, world.key)?.saved;
    expect(saved?.mark).toBe('here');
    world.host.emit({ type: 'note_mark', noteId: saved?.noteId ?? '', mark: 'centre' });
    await world.until(() => slot(world, world.key)?.saved?.mark === 'centre');
  });

  test('a draft of an earlier life comes back, but never over what was typed since', async () => {
    const world = await inCall();
    const draft = { noteId: crypto.randomUUID(), callId: world.callId, customerId: null, revision: 4 };
    world.desk.notes.restore(world.key, { ...draft, text: '이전 글' });
    expect(slot(world, world.key)?.text).toBe('이전 글');
    world.desk.notes.type(world.key, '새 글');
    world.desk.notes.restore(world.key, { ...draft, text: '이전 글' });
    expect(slot(world, world.key)?.text).toBe('새 글');
  });
});
