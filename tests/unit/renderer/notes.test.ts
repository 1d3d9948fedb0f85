import { afterEach, describe, expect, test, vi } from 'vitest';
import { createNoteStore } from '../../../src/renderer/stores/note-store.ts';
import { callKey } from '../../../src/renderer/work-keys.ts';
import { readyWorld, type World } from './world.ts';

/** 250 ms less what the way to the host's disk may take. */
const WITHIN_MS = 150;

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

  test('every key is handed to the host at most 250 ms later, less the way there, also of somebody who never pauses', async () => {
    const world = await inCall();
    const handedOver: { length: number; at: number }[] = [];
    const notes = createNoteStore({
      api: world.desk.api,
      now: () => Date.now(),
      queue: {
        size: () => 0,
        send: async (_lane, _kind, run) => {
          const { length } = notes.store.getState().slots[world.key]?.text ?? '';
          handedOver.push({ length, at: Date.now() });
          return run();
        },
      },
    });
    notes.open(world.key, { callId: world.callId, customerId: null });
    vi.useFakeTimers();
    try {
      const typedAt: number[] = [];
      for (let key = 1; key <= 400; key += 1) {
        notes.type(world.key, '가'.repeat(key));
        typedAt.push(Date.now());
        // From held-down keys to slow typing.
        await vi.advanceTimersByTimeAsync((key * 37) % 160);
      }
      await vi.advanceTimersByTimeAsync(WITHIN_MS);
      const late = typedAt.map((at, key) => (handedOver.find(({ length }) => length > key)?.at ?? Infinity) - at);
      expect(Math.max(...late)).toBeLessThanOrEqual(WITHIN_MS);
    } finally {
      vi.useRealTimers();
    }
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
