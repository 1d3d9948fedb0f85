import { beforeEach, describe, expect, test } from 'vitest';
import { type CustomerDoor, createCustomerDoor } from '../../../src/main/customer-360.ts';
import { forgetHere } from '../../../src/main/forget-here.ts';
import { endRun } from '../../../src/main/script-ends.ts';
import { readRun, runsOf, SCRIPT_RUNS } from '../../../src/main/script-history.ts';
import { beginScript, keepRun, listScripts, openRuns } from '../../../src/main/scripts.ts';
import { createWindowHolds } from '../../../src/main/window-holds.ts';
import type { KeptRun } from '../../../src/shared/contract-script.ts';
import type { CustomField } from '../../../src/shared/customer.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Script, ScriptContent } from '../../../src/shared/script.ts';
import { nextRun, type RunEvent } from '../../../src/shared/script-run.ts';
import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { accessLog, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';
import { askFor, branch, choose, end, say, script, tick } from '../../fixtures/scripts.ts';

const customerId = SAMPLE.gold.id;
const at = '2026-11-23T05:00:00.000Z';
const next: RunEvent = { type: 'next', at, said: '말씀드린 대로' };
const finish: RunEvent = { type: 'finish', at, said: '안녕히 계십시오' };
const answer = (stepId: string, value: Extract<RunEvent, { type: 'answer' }>['value']): RunEvent => ({
  ...{ type: 'answer', stepId, value },
  at,
});
const rule = (field: string, operator: '=' | '>', value: string | number) => ({
  ...{ combinator: 'and' as const },
  rules: [{ field, operator, value }],
});

const field = (entity: 'customer' | 'case', key: string, more: Partial<CustomField> = {}): CustomField => ({
  ...{ id: newId(), entity, key, label: { ko: key, en: key }, type: 'choice', choices: ['오전', '오후'], order: 9 },
  ...more,
});
const content = script(
  [
    say('hello', 'tier'),
    branch('tier', 'notice', { when: rule('customer.tier', '=', 'gold'), to: 'thanks' }),
    say('thanks', 'notice'),
    tick('notice', 'time', ['recording']),
    {
      ...{ kind: 'ask', id: 'time', text: { ko: '언제?', en: 'When?' }, next: 'birthday' },
      question: {
        type: 'choice',
        options: [
          { code: 'am', label: { ko: '오전', en: 'Morning' }, value: '오전' },
          { code: 'pm', label: { ko: '오후', en: 'Afternoon' }, value: '오후' },
        ],
      },
      to: { of: 'customer', field: 'custom.when' },
    },
    askFor('birthday', 'result', { type: 'date' }, { optional: true, to: { of: 'customer', field: 'birthday' } }),
    { ...choose('result', 'bye', 'resolved', 'refused'), to: { of: 'disposition' } } as ScriptContent['steps'][number],
    end('bye'),
  ],
  { requires: ['recording'], chosenWhen: rule('call.queue', '=', 'support') },
);
const published = (of: ScriptContent, more: Partial<Script> = {}): Script => ({
  ...{ id: newId(), number: 1, hash: 'a'.repeat(64), publishedAt: at, publishedBy: '정해린', content: of },
  ...more,
});
const first = published(content);

let desk: TestContext;
let door: CustomerDoor;
let version = 10;
const apply = (table: string, data: { id: string }) => {
  version += 1;
  const row = { table, id: data.id, version, deleted: false, data } as unknown as SyncRow;
  desk.cache.transaction(() => applyRows(desk.cache, [row])).immediate();
};
beforeEach(() => {
  desk = openTestContext();
  door = createCustomerDoor(desk);
  apply('script', first);
  apply('custom_field', field('customer', 'when'));
});

const call = { callId: null, customerId, queue: 'support', direction: 'in' as const, language: 'ko' as const };
const begin = (runId = newId(), scriptId = first.id) => beginScript(desk, door, { ...call, runId, scriptId });
/** Does it all, as the page does: each step with the host. */
function play(run: KeptRun, ...events: RunEvent[]): KeptRun {
  let now = run;
  for (const event of events) {
    const { state } = nextRun({ script: now.version.content, facts: now.facts }, now.state, event);
    now = { ...now, state, revision: now.revision + 1 };
    if (state.status === 'running') keepRun(desk, placeOf(now));
  }
  return now;
}
const placeOf = ({ runId, state, revision, version: { hash }, customerId: of, language }: KeptRun) => ({
  ...{ runId, state, revision, hash, customerId: of, language },
});
const over = (run: KeptRun) => endRun(desk, placeOf(run));
const throughNotice = [next, next, answer('notice', true), next];
const open = (windowId = newId()) =>
  openRuns(
    desk,
    createWindowHolds(() => true),
    windowId,
  ).runs;

describe('choosing', () => {
  test('what fits the call comes first, and nothing of a customer leaves but what rules ask for', () => {
    const busy = published({ ...content, code: 'busy', chosenWhen: rule('customer.tier', '=', 'vip') });
    apply('script', busy);
    const hits = listScripts(desk, door, call).scripts;
    expect(hits.map(({ code, fits }) => [code, fits])).toEqual([
      ['test', true],
      ['busy', false],
    ]);
    expect(begin().facts).toEqual({ 'customer.tier': 'gold' });
  });

  test('a script that was withdrawn meanwhile cannot be begun; a customer who is gone is no reason not to', () => {
    expect(() => begin(newId(), newId())).toThrow('withdrawn');
    const run = beginScript(desk, door, { ...call, customerId: newId(), runId: newId(), scriptId: first.id });
    expect(run.facts).toEqual({});
  });
});

describe('a run', () => {
  test('is there again with every answer after the page or the host went, at the same step', () => {
    const run = play(begin(), ...throughNotice, answer('time', 'am'));
    expect(open()).toEqual([run]);
    expect(run.state.stepId).toBe('time');
    // The same begin again is the same run, as far as it is.
    expect(begin(run.runId)).toEqual(run);
  });

  test('keeps the newest place: one that was overtaken on the way changes nothing', () => {
    const run = play(begin(), next, next);
    keepRun(desk, { ...placeOf(run), revision: 1, state: { ...run.state, stepId: 'hello', path: [] } });
    expect(open()).toEqual([run]);
  });

  test('is nobody else’s, and of a call in another living window it is left to that', () => {
    const run = beginScript(desk, door, { ...call, callId: newId(), runId: newId(), scriptId: first.id });
    const holds = createWindowHolds(() => true);
    const [mine, other] = [newId(), newId()];
    holds.take(run.callId ?? '', mine);
    expect(openRuns(desk, holds, other).runs).toEqual([]);
    expect(openRuns(desk, holds, mine).runs).toHaveLength(1);
    desk.sitting = SAMPLE.otherAgent;
    expect(open()).toEqual([]);
    expect(() => keepRun(desk, placeOf(run))).toThrow('FORBIDDEN');
  });

  test('goes when the customer is erased', () => {
    begin();
    forgetHere(desk.outbox, [customerId]);
    expect(open()).toEqual([]);
  });
});

describe('the end of a run', () => {
  const done = [...throughNotice, answer('time', 'am'), next, answer('birthday', '1980-01-02'), next];

  test('is one commit: the record, the fields as a hand would have changed them, and no journal any more', () => {
    const run = play(begin(), ...done, answer('result', 'refused'), next, finish);
    expect(over(run)).toEqual({ mark: 'here', disposition: 'refused', written: ['custom.when', 'birthday'], left: [] });
    expect(open()).toEqual([]);
    const [record, change] = operations(desk).slice(-2);
    expect(record?.payload).toMatchObject({
      ...{
        kind: 'script.run',
        runId: run.runId,
        customerId,
        status: 'finished',
        hash: first.hash,
        disposition: 'refused',
      },
    });
    expect(change?.payload).toEqual({
      ...{ kind: 'customer.update', customerId },
      changes: [
        { field: 'custom.when', value: '오전', was: null },
        { field: 'birthday', value: '1980-01-02', was: expect.anything() },
      ],
    });
    // Again, because the answer was lost: the same end.
    expect(over(run)).toMatchObject({ disposition: 'refused' });
    expect(operations(desk).filter(({ kind }) => kind === 'script.run')).toHaveLength(1);
  });

  test('keeps what was said, in which words and when; a way that was left counts no more', () => {
    const back: RunEvent = { type: 'back' };
    const run = play(begin(), ...done, answer('result', 'resolved'), back, back, answer('time', 'pm'), {
      type: 'give_up',
    });
    expect(over(run)).toMatchObject({ disposition: null, written: ['custom.when'] });
    const { lines } = readRun(desk, door, { customerId, runId: run.runId });
    expect(lines.map(({ stepId, counted }) => [stepId, counted])).toEqual([
      ['hello', true],
      ['thanks', true],
      ['notice', true],
      ['time', true],
      ['birthday', false],
      ['result', false],
    ]);
    expect(lines.find(({ stepId }) => stepId === 'notice')).toMatchObject({ said: '말씀드린 대로', answer: true, at });
    expect(lines.find(({ stepId }) => stepId === 'time')).toMatchObject({ answer: 'pm', answerText: '오후' });
  });

  test('is refused where the run is not over, or was completed without what must be said', () => {
    const run = play(begin(), next);
    expect(() => over(run)).toThrow('not over');
    const jumped = play(run, { type: 'jump', stepId: 'bye', at, said: '' });
    const forged = { ...jumped, state: { ...jumped.state, status: 'finished' as const } };
    expect(() => over(forged)).toThrow('not over');
    expect(open()).toHaveLength(1);
  });

  test('leaves in the answers what its field no longer takes', () => {
    const run = play(begin(), ...done, answer('result', 'refused'), next, finish);
    apply('custom_field', { ...field('customer', 'when', { choices: ['저녁'] }), id: fieldId() });
    expect(over(run)).toMatchObject({ written: ['birthday'], left: ['custom.when'] });
  });
  const fieldId = () =>
    (
      desk.cache.prepare(`SELECT id FROM custom_field WHERE json_extract(data, '$.key') = 'when'`).get() as {
        id: string;
      }
    ).id;

  test('shows in the history before the centre knows it, masked, and its reads use their index', () => {
    const text = published(script([askFor('q', 'z', { type: 'text' }), end('z')]), { hash: 'c'.repeat(64) });
    apply('script', text);
    const run = play(begin(newId(), text.id), answer('q', '010-1234-5678로 주세요'), next, finish);
    over(run);
    expect(runsOf(desk, door, customerId).runs).toMatchObject([{ id: run.runId, mark: 'here', status: 'finished' }]);
    expect(readRun(desk, door, { customerId, runId: run.runId }).lines[0]?.answer).not.toContain('1234-5678');
    expect(accessLog(desk).filter((entry) => entry.customerId === customerId)).not.toEqual([]);
    const plan = (db: TestContext['cache'], sql: string) =>
      (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(customerId) as { detail: string }[])
        .map(({ detail }) => detail)
        .join();
    expect(plan(desk.cache, SCRIPT_RUNS.confirmed)).toMatch(/script_run_customer/);
    expect(plan(desk.outbox, SCRIPT_RUNS.pending)).toMatch(/SEARCH/);
  });
});

describe('a new version in the middle', () => {
  const second = published(
    { ...content, steps: [...content.steps.slice(0, -1), say('more', 'bye'), end('bye')] },
    { id: first.id, number: 2, hash: 'b'.repeat(64) },
  );

  test('is told with the next step, and the run ends in the words of the one that the page took over', () => {
    const run = play(begin(), next);
    apply('script', second);
    const moved = { ...run, revision: run.revision + 1 };
    expect(keepRun(desk, placeOf(moved)).newer?.hash).toBe(second.hash);
    const newer = { ...moved, version: { id: second.id, number: 2, hash: second.hash, content: second.content } };
    const ended = play(newer, { type: 'give_up' });
    over(ended);
    expect(operations(desk).at(-1)?.payload).toMatchObject({ number: 2, hash: second.hash, begunWith: first.hash });
  });

  test('a page that stays with its own version may', () => {
    const run = play(begin(), next);
    apply('script', second);
    over(play(run, next, { type: 'give_up' }));
    expect(operations(desk).at(-1)?.payload).toMatchObject({ number: 1, hash: first.hash });
  });

  test('a version that nobody offered is refused', () => {
    const run = play(begin(), next);
    expect(() => keepRun(desk, { ...placeOf(run), hash: 'f'.repeat(64), revision: 9 })).toThrow('never offered');
  });

  test('a script that is withdrawn in the middle is gone through to its end all the same', () => {
    const run = play(begin(), ...throughNotice);
    version += 1;
    const gone = { table: 'script' as const, id: first.id, version, deleted: true, data: null };
    desk.cache.transaction(() => applyRows(desk.cache, [gone])).immediate();
    expect(listScripts(desk, door, call).scripts).toEqual([]);
    const ended = play(run, answer('time', 'am'), next, next, answer('result', 'resolved'), next, finish);
    expect(over(ended)).toMatchObject({ disposition: 'resolved' });
  });
});
