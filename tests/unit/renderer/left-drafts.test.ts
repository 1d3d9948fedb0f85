import { afterEach, describe, expect, test } from 'vitest';
import { keysInHand, leftDrafts, moveDraftHere, openDraft } from '../../../src/renderer/desk-work.ts';
import { callKey, customerKey, LOOSE_KEY } from '../../../src/renderer/work-keys.ts';
import { newId } from '../../../src/shared/ids.ts';
import { englishView, fixedId } from '../../fakes/desk-fixtures.ts';
import { createFakeHost, type FakeHost } from '../../fakes/fake-host.ts';
import { readyWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const GOLD = fixedId(10);
const slot = (key: string) => world.desk.notes.store.getState().slots[key];
const left = () => leftDrafts(world.desk.notes.store.getState(), keysInHand(world.desk));
const texts = () =>
  left()
    .map((draft) => draft.text)
    .sort();
const find = (text: string) => {
  const draft = left().find((one) => one.text === text);
  if (!draft) throw new Error(`no draft ${text}`);
  return draft;
};

function hostWith(...drafts: { text: string; callId?: string; customerId?: string }[]): FakeHost {
  const host = createFakeHost();
  for (const { text, callId = null, customerId = null } of drafts) {
    const noteId = newId();
    host.state.drafts.set(noteId, { noteId, callId, customerId, text, revision: 3 });
  }
  return host;
}

async function wrapUp(text: string): Promise<string> {
  const callId = world.line.ring();
  world.line.talk(callId);
  await world.until(() => world.desk.calls.store.getState().calls[0]?.customerId != null);
  world.desk.notes.type(callKey(callId), text);
  world.line.end(callId);
  world.desk.calls.setDisposition(callId, 'resolved');
  return callId;
}

/** Holds the answer of one procedure; call what it gives to let it go. */
function hold(name: string): () => void {
  let release = () => {};
  world.host.state.held.set(name, new Promise((resolve) => (release = resolve)));
  return release;
}

describe('what is typed while the call is being finished', () => {
  test.each(['note.save', 'call.wrapUp'])('during %s: the call stays until that is saved, too', async (name) => {
    world = await readyWorld();
    const callId = await wrapUp('첫 메모');
    const key = callKey(callId);
    const answer = hold(name);
    const saving = world.desk.saveWork();
    await world.until(() => world.host.state.heard.includes(name));
    world.desk.notes.type(key, name === 'note.save' ? '첫 메모 덧붙임' : '덧붙임');
    answer();
    expect(await saving).toBe('saved');
    expect(world.desk.calls.store.getState().calls).toHaveLength(1);
    expect(slot(key)?.text.trim()).toBe('덧붙임');
    world.host.state.held.clear();
    expect(await world.desk.saveWork()).toBe('finished');
    expect([...world.host.state.notes.values()].map((note) => note.text.trim())).toEqual(['첫 메모', '덧붙임']);
  });
});

describe('a note at rest', () => {
  test('belongs to nobody, so it is not saved but kept as a draft', async () => {
    world = await readyWorld();
    world.desk.notes.open(LOOSE_KEY, { callId: null, customerId: null });
    world.desk.notes.type(LOOSE_KEY, '누구 것인지 모름');
    expect(await world.desk.saveWork()).toBe('nothing');
    expect(world.host.state.notes.size).toBe(0);
    await world.until(() => [...world.host.state.drafts.values()].some((draft) => draft.text === '누구 것인지 모름'));
    expect(slot(LOOSE_KEY)?.text).toBe('누구 것인지 모름');
  });

  test('the host takes no note of nobody either', async () => {
    world = await readyWorld();
    const note = { noteId: newId(), callId: null, customerId: null, text: 'x' };
    await expect(world.client.api.note.save(note)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('the list of drafts', () => {
  const many = () =>
    hostWith(
      { text: '빈 자리 1' },
      { text: '빈 자리 2' },
      { text: '고객 1', customerId: GOLD },
      { text: '고객 2', customerId: GOLD },
      { text: '그제 통화', callId: newId(), customerId: GOLD },
      { text: '모르는 사람의 통화', callId: newId() },
    );

  test('has every draft that is not on screen, also of calls long over and of several for one place', async () => {
    world = await readyWorld({ host: many() });
    await world.until(() => left().length === 5);
    const shown = slot(LOOSE_KEY)?.text ?? '';
    expect([...texts(), shown].sort()).toEqual(
      ['빈 자리 1', '빈 자리 2', '고객 1', '고객 2', '그제 통화', '모르는 사람의 통화'].sort(),
    );
  });

  test('opens each of them where it can be saved, and loses none on the way', async () => {
    world = await readyWorld({ host: many() });
    await world.until(() => left().length === 5);
    for (const text of ['그제 통화', '고객 2', '고객 1', '그제 통화']) {
      if (texts().includes(text)) expect(await openDraft(world.desk, find(text))).toBeNull();
      expect(slot(customerKey(GOLD))?.text).toBe(text);
      expect(world.desk.calls.store.getState().focus).toEqual({ kind: 'customer', customerId: GOLD });
      expect(texts()).toHaveLength(5);
    }
    const { callId } = slot(customerKey(GOLD)) ?? {};
    expect(callId).not.toBeNull();
    expect(await world.desk.saveWork()).toBe('saved');
    expect([...world.host.state.notes.values()]).toMatchObject([{ text: '그제 통화', callId, customerId: GOLD }]);
    // The next words there are of the customer alone, not of that old call.
    expect(slot(customerKey(GOLD))).toMatchObject({ callId: null, customerId: GOLD, text: '' });
  });

  test('a note of nobody’s goes to the customer on screen when the agent says so', async () => {
    world = await readyWorld({ host: many() });
    world.host.state.views.set(fixedId(11), englishView(Date.now()));
    await world.until(() => left().length === 5);
    world.desk.notes.open(customerKey(fixedId(11)), { callId: null, customerId: fixedId(11) });
    world.desk.calls.focus({ kind: 'customer', customerId: fixedId(11) });
    world.desk.notes.type(customerKey(fixedId(11)), '위');
    const draft = find('빈 자리 2');
    expect(await moveDraftHere(world.desk, draft)).toBeNull();
    expect(slot(customerKey(fixedId(11)))?.text).toBe('위\n빈 자리 2');
    expect(world.host.state.drafts.has(draft.noteId)).toBe(false);
    expect(texts()).not.toContain('빈 자리 2');
  });

  test('letting one go removes it here and at the host, and only it', async () => {
    world = await readyWorld({ host: many() });
    await world.until(() => left().length === 5);
    const draft = find('그제 통화');
    expect(await world.desk.notes.discard(draft.noteId)).toBeNull();
    expect(world.host.state.drafts.size).toBe(5);
    expect(texts()).not.toContain('그제 통화');
  });

  test('a disk that is full loses no draft when another is opened over it', async () => {
    world = await readyWorld({ host: many() });
    await world.until(() => left().length === 5);
    world.host.state.failing.set('note.draft', { code: 'DISK_FULL', next: 'free-disk-space' });
    const key = customerKey(GOLD);
    world.desk.notes.type(key, '디스크가 받지 않은 글');
    const problem = await openDraft(world.desk, find('그제 통화'));
    expect(problem?.code).toBe('DISK_FULL');
    expect(slot(key)?.text).toBe('디스크가 받지 않은 글');
  });
});
