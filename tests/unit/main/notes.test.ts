import { beforeEach, describe, expect, test } from 'vitest';
import { readOpenCalls, recordCall, wrapUpCall } from '../../../src/main/calls.ts';
import { discardDraft, keepDraft, readDrafts, saveNote } from '../../../src/main/notes.ts';
import type { CallSnapshot } from '../../../src/shared/call.ts';
import { newId } from '../../../src/shared/ids.ts';
import { NOON, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
beforeEach(() => {
  desk = openTestContext();
});

const draftOf = (noteId: string, text: string, revision: number) => ({
  noteId,
  callId: null,
  customerId: SAMPLE.gold.id,
  text,
  revision,
});
const noteOf = (noteId: string, text: string) => ({ noteId, callId: null, customerId: SAMPLE.gold.id, text });

describe('drafts', () => {
  test('the newest revision stays, whatever arrives later', () => {
    const noteId = newId();
    keepDraft(desk, draftOf(noteId, '안녕하세', 2));
    expect(keepDraft(desk, draftOf(noteId, '안녕', 1))).toEqual({ revision: 2 });
    expect(keepDraft(desk, draftOf(noteId, '', 3))).toEqual({ revision: 3 });
    expect(keepDraft(desk, draftOf(noteId, '안녕하세', 2))).toEqual({ revision: 3 });
    expect(readDrafts(desk.outbox, SAMPLE.agent.id)).toEqual([]);
  });
  test('an emptied note is no draft, keeps nobody from signing out, and is gone a while later', async () => {
    const noteId = newId();
    keepDraft(desk, draftOf(noteId, '안녕', 1));
    keepDraft(desk, draftOf(noteId, ' \n\u3000', 2));
    const rows = () => desk.outbox.prepare('SELECT note_id, text FROM draft').all();
    expect(readDrafts(desk.outbox, SAMPLE.agent.id)).toEqual([]);
    expect(rows()).toEqual([{ note_id: noteId, text: '' }]);
    const other = newId();
    await desk.clock.advance(120_000);
    keepDraft(desk, draftOf(other, '다른 메모', 1));
    expect(rows()).toEqual([{ note_id: other, text: '다른 메모' }]);
  });
  test('every draft is listed with its time, whatever became of its call', () => {
    const callId = newId();
    keepDraft(desk, { ...draftOf(newId(), '지난 통화', 1), callId });
    keepDraft(desk, { ...draftOf(newId(), '주인 없는 메모', 1), customerId: null });
    keepDraft(desk, { ...draftOf(newId(), '또 하나', 1), customerId: null });
    const at = new Date(NOON).toISOString();
    expect(
      readDrafts(desk.outbox, SAMPLE.agent.id)
        .map((draft) => draft.text)
        .sort(),
    ).toEqual(['또 하나', '주인 없는 메모', '지난 통화'].sort());
    expect(readDrafts(desk.outbox, SAMPLE.agent.id)[0]?.at).toBe(at);
  });
  test('nobody sees or changes the drafts of another agent', () => {
    const noteId = newId();
    keepDraft(desk, draftOf(noteId, '내 메모', 1));
    desk.sitting = SAMPLE.otherAgent;
    expect(readDrafts(desk.outbox, SAMPLE.otherAgent.id)).toEqual([]);
    expect(() => keepDraft(desk, draftOf(noteId, '남의 것', 2))).toThrow('FORBIDDEN');
    discardDraft(desk, noteId);
    expect(readDrafts(desk.outbox, SAMPLE.agent.id)).toHaveLength(1);
  });
});

describe('saving', () => {
  test('writes the operation and ends the draft in one commit', () => {
    const noteId = newId();
    keepDraft(desk, draftOf(noteId, '확인', 1));
    expect(saveNote(desk, noteOf(noteId, '확인'))).toEqual({ mark: 'here' });
    expect(operations(desk)).toMatchObject([{ kind: 'note.save', payload: { noteId, text: '확인' } }]);
    expect(readDrafts(desk.outbox, SAMPLE.agent.id)).toEqual([]);
    expect(desk.events.at(-1)).toEqual({ type: 'note_mark', noteId, mark: 'here' });
  });
  test('the same save again is the same save', () => {
    const note = noteOf(newId(), '확인');
    saveNote(desk, note);
    saveNote(desk, note);
    expect(operations(desk)).toHaveLength(1);
  });
  test('what was typed on after a save whose answer was lost is a second note, once', () => {
    const note = noteOf(newId(), '확인');
    saveNote(desk, note);
    saveNote(desk, { ...note, text: '확인함' });
    saveNote(desk, { ...note, text: '확인함' });
    expect(operations(desk).map((one) => one.payload.text)).toEqual(['확인', '확인함']);
  });
  test('a draft that repeats what was saved does not come back; one that says more does', () => {
    const note = noteOf(newId(), '확인');
    saveNote(desk, note);
    keepDraft(desk, draftOf(note.noteId, '확인', 7));
    expect(readDrafts(desk.outbox, SAMPLE.agent.id)).toEqual([]);
    keepDraft(desk, draftOf(note.noteId, '확인함', 8));
    expect(readDrafts(desk.outbox, SAMPLE.agent.id)).toHaveLength(1);
  });
  test('nothing is half done when the write fails', () => {
    const noteId = newId();
    keepDraft(desk, draftOf(noteId, '확인', 1));
    desk.outbox.exec("CREATE TRIGGER full BEFORE INSERT ON operation BEGIN SELECT RAISE(ABORT, 'no'); END");
    expect(() => saveNote(desk, noteOf(noteId, '확인'))).toThrow();
    expect(readDrafts(desk.outbox, SAMPLE.agent.id)).toHaveLength(1);
  });
});

describe('calls', () => {
  const call = (more: Partial<CallSnapshot> = {}): CallSnapshot => ({
    callId: '01990000-0000-7000-8000-00000000ca11',
    direction: 'in',
    caller: { number: '01000001001', e164: SAMPLE.gold.phone, displayName: null, withheld: false, source: 'from' },
    queue: 'support',
    customerRef: null,
    customerId: null,
    phase: 'ringing',
    startedAt: new Date(NOON).toISOString(),
    answeredAt: null,
    endedAt: null,
    result: null,
    ...more,
  });
  const answered = { phase: 'talking', answeredAt: new Date(NOON + 5000).toISOString() } as const;
  const ended = {
    ...answered,
    phase: 'wrap_up',
    endedAt: new Date(NOON + 65_000).toISOString(),
    result: 'answered',
  } as const;

  test('come back after a reload until they are done, to their agent alone', () => {
    recordCall(desk, call());
    recordCall(desk, call(ended));
    expect(readOpenCalls(desk.outbox, SAMPLE.agent.id, NOON)).toEqual([call(ended)]);
    expect(readOpenCalls(desk.outbox, SAMPLE.otherAgent.id, NOON)).toEqual([]);
    wrapUpCall(desk, {
      callId: call().callId,
      customerId: SAMPLE.gold.id,
      dispositionCode: 'resolved',
      wrapUpSeconds: 9,
    });
    expect(readOpenCalls(desk.outbox, SAMPLE.agent.id, NOON)).toEqual([]);
  });
  test('a message that was overtaken changes nothing', () => {
    recordCall(desk, call(ended));
    recordCall(desk, call(answered));
    expect(readOpenCalls(desk.outbox, SAMPLE.agent.id, NOON)).toEqual([call(ended)]);
  });
  test('reach the centre at the answer, at the end and with the wrap-up; the same facts only once', () => {
    recordCall(desk, call());
    recordCall(desk, call(answered));
    recordCall(desk, call({ ...answered, phase: 'held' }));
    recordCall(desk, call(ended));
    recordCall(desk, call(ended));
    const wrapUp = { callId: call().callId, customerId: SAMPLE.gold.id, dispositionCode: 'resolved', wrapUpSeconds: 9 };
    wrapUpCall(desk, wrapUp);
    wrapUpCall(desk, wrapUp);
    expect(operations(desk).map(({ kind, payload }) => [kind, payload.endedAt ?? null, payload.customerId])).toEqual([
      ['interaction.record', null, null],
      ['interaction.record', ended.endedAt, null],
      ['interaction.record', ended.endedAt, SAMPLE.gold.id],
      ['interaction.wrap_up', null, SAMPLE.gold.id],
    ]);
  });
  test('how well a call was heard goes with its record, and a later word without it takes nothing away', () => {
    const quality = {
      mosMean: 4.1,
      mosMin: 2.8,
      lossIn: 0.01,
      lossOut: 0,
      roundTripMs: 24,
      culprit: 'network' as const,
      oneWay: false,
      samples: 12,
    };
    recordCall(desk, call(answered));
    recordCall(desk, call({ ...ended, quality }));
    recordCall(desk, call({ ...ended, customerId: SAMPLE.gold.id }));
    expect(operations(desk).map(({ payload }) => payload.quality)).toEqual([undefined, quality, quality]);
    expect(readOpenCalls(desk.outbox, SAMPLE.agent.id, NOON)[0]?.quality).toEqual(quality);
  });
  test('a wrap-up that was left over the weekend can still be finished', () => {
    recordCall(desk, call(ended));
    const act = { callId: call().callId, customerId: null, dispositionCode: 'resolved', wrapUpSeconds: 3 * 86_400 };
    wrapUpCall(desk, act);
    expect(operations(desk).at(-1)).toMatchObject({ kind: 'interaction.wrap_up', payload: { wrapUpSeconds: 86_400 } });
    expect(readOpenCalls(desk.outbox, SAMPLE.agent.id, NOON)).toEqual([]);
  });
  test('when the customer of a call is corrected, the screens of both are told', () => {
    recordCall(desk, call({ ...ended, customerId: SAMPLE.husband.id }));
    recordCall(desk, call({ ...ended, customerId: SAMPLE.wife.id }));
    expect(desk.events.at(-1)).toMatchObject({ customerIds: [SAMPLE.wife.id, SAMPLE.husband.id] });
  });
  test('a note of a call that was never answered still comes after its call', () => {
    recordCall(desk, call());
    saveNote(desk, { noteId: newId(), callId: call().callId, customerId: null, text: '부재중' });
    expect(operations(desk).map(({ kind }) => kind)).toEqual(['interaction.record', 'note.save']);
  });
});
