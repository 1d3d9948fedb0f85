import { beforeAll, expect, it } from 'vitest';
import { type Id, newId } from '../../../src/shared/ids.ts';
import type { ScriptContent } from '../../../src/shared/script.ts';
import {
  ScriptHead,
  ScriptSaved,
  ScriptShelf,
  ScriptVersion,
  ScriptVersionList,
} from '../../../src/shared/script-authoring.ts';
import type { RunFacts } from '../../../src/shared/script-record.ts';
import type { SyncTable } from '../../../src/shared/sync-wire.ts';
import { end, say, script, tick } from '../../fixtures/scripts.ts';
import { codeOf, newCall, newCustomer, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

const at = '2026-11-23T05:00:00.000Z';
const named = (code: string, word = '안녕하십니까') =>
  script([say('hello', 'notice', word), tick('notice', 'bye', ['recording']), end('bye')], {
    code,
    requires: ['recording'],
  });

onBothStores('scripts', (store) => {
  let centre: TestCentre;
  let jung: TestDesk;
  let agent: TestDesk;
  beforeAll(async () => {
    centre = await store.start();
    jung = await centre.desk('jung', { role: 'supervisor' });
    agent = await centre.desk('kim');
  });

  const ask = (desk: TestDesk, method: string, path: string, body?: unknown) =>
    centre.call(method, `/v1/scripts${path}`, { token: desk.session.accessToken, body });
  const save = async (content: ScriptContent, seen: number | null) =>
    ScriptSaved.parse((await ask(jung, 'PUT', '', { content, seen })).json);
  const publish = (code: string, number: number, seen = number) =>
    ask(jung, 'POST', `/${code}/publish`, { number, seen });
  const rowsOf = async (table: SyncTable, id: Id) => (await agent.snapshot(table)).filter((row) => row.id === id);

  it('a draft is on no desk; published it is on all of them, named by the hash of its words', async () => {
    const { number, head, faults } = await save(named('welcome'), null);
    expect([number, faults, head.published]).toEqual([1, [], null]);
    expect(await rowsOf('script', head.id)).toEqual([]);
    expect((await publish('welcome', 1)).status).toBe(200);
    const [row] = await rowsOf('script', head.id);
    expect(row?.data).toMatchObject({
      number: 1,
      hash: head.latest.hash,
      publishedBy: '상담사 jung',
      content: { code: 'welcome' },
    });
    expect(head.latest.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('the same words again are the same version; other words are a new one, and nobody is passed over', async () => {
    await save(named('versions'), null);
    const { hash } = (await save(named('versions'), null)).head.latest;
    const backwards = Object.fromEntries(Object.entries(named('versions')).reverse()) as ScriptContent;
    expect(await save(backwards, 1)).toMatchObject({ number: 1, head: { latest: { hash } } });
    expect((await save(named('versions', '반갑습니다'), 1)).number).toBe(2);
    expect(codeOf(await ask(jung, 'PUT', '', { content: named('versions', '누구세요'), seen: 1 }))).toBe(
      'CHANGED_MEANWHILE',
    );
    expect(codeOf(await publish('versions', 1, 1))).toBe('CHANGED_MEANWHILE');
    expect((await publish('versions', 1, 2)).status).toBe(200);
    const { versions } = ScriptVersionList.parse((await ask(jung, 'GET', '/versions/versions')).json);
    expect(versions.map(({ number }) => number)).toEqual([2, 1]);
    const one = ScriptVersion.parse((await ask(jung, 'GET', '/versions/versions/1')).json);
    expect(one.content).toEqual(named('versions'));
  });

  it('what has a fault is kept and not published: a loop, an unknown field, what must be said left out', async () => {
    const bad = script(
      [
        say('a', 'b'),
        say('b', 'a'),
        {
          kind: 'branch',
          id: 'x',
          ways: [{ when: { combinator: 'and', rules: [{ field: 'custom.gone', operator: '=', value: 1 }] }, to: 'z' }],
          next: 'z',
        },
        end('z', 'completed', 'no_such_result'),
      ],
      { code: 'bad' },
    );
    const { faults } = await save(bad, null);
    expect(faults.map(({ code, stepId }) => [code, stepId])).toEqual([
      ['UNKNOWN_FIELD', 'x'],
      ['UNKNOWN_DISPOSITION', 'z'],
      ['UNREACHABLE', 'x'],
      ['UNREACHABLE', 'z'],
      ['ENDLESS_LOOP', 'a'],
    ]);
    const refused = await publish('bad', 1);
    expect(codeOf(refused)).toBe('BAD_INPUT');
    expect(JSON.stringify(refused.json)).toContain('ENDLESS_LOOP a');
    const long = script(
      [...Array.from({ length: 500 }, (_, i) => say(`s${i}`, i === 499 ? 'z' : `s${i + 1}`)), end('z')],
      { code: 'long' },
    );
    expect(codeOf(await ask(jung, 'PUT', '', { content: long, seen: null }))).toBe('BAD_INPUT');
    expect((await save({ ...long, steps: long.steps.slice(1), start: 's1' }, null)).faults).toEqual([]);
    expect((await publish('long', 1)).status).toBe(200);
  });

  it('a withdrawn script leaves every desk, and comes back when it is published again', async () => {
    const { head } = await save(named('short_lived'), null);
    await publish('short_lived', 1);
    const { cursor } = await agent.start();
    expect(ScriptHead.parse((await ask(jung, 'POST', '/short_lived/withdraw')).json)).toMatchObject({
      published: null,
      withdrawn: true,
    });
    const { rows } = await agent.pullAll(cursor);
    expect(rows.filter(({ id }) => id === head.id)).toMatchObject([{ table: 'script', deleted: true, data: null }]);
    await publish('short_lived', 1);
    expect(await rowsOf('script', head.id)).toHaveLength(1);
    const shelf = ScriptShelf.parse((await ask(jung, 'GET', '')).json);
    expect(shelf.scripts.find(({ code }) => code === 'short_lived')).toMatchObject({ published: 1, withdrawn: false });
    expect(codeOf(await publish('nobody', 1))).toBe('NOT_FOUND');
  });

  const facts = (more: Partial<RunFacts>): RunFacts => ({
    ...{
      interactionId: null,
      customerId: null,
      scriptId: newId(),
      code: 'welcome',
      title: '환영',
      number: 1,
      hash: 'a'.repeat(64),
    },
    ...{ language: 'ko', status: 'finished', startedAt: at, endedAt: at, disposition: null },
    lines: [
      { stepId: 'notice', kind: 'statement', said: '녹음됩니다', at, answer: true, answerText: null, counted: true },
    ],
    ...more,
  });

  it('a run is kept once with its agent, goes where its call goes, and goes with its customer', async () => {
    const [one, other] = [newCustomer('강하늘'), newCustomer('윤별')];
    for (const customer of [one, other]) await agent.do(customer);
    const call = newCall(one.customerId);
    await agent.do(call);
    const runId = newId();
    const run = {
      kind: 'script.run' as const,
      runId,
      ...facts({ interactionId: call.interactionId, customerId: one.customerId }),
    };
    expect((await agent.do(run)).status).toBe('applied');
    // Another operation, the same run; and the same id for something else.
    expect((await agent.do(run)).status).toBe('applied');
    expect(await agent.do({ ...run, hash: 'b'.repeat(64) })).toMatchObject({ status: 'rejected', code: 'CONFLICT' });
    const row = async () => (await rowsOf('script_run', runId))[0]?.data;
    expect(await row()).toMatchObject({
      customerId: one.customerId,
      agentName: '상담사 kim',
      lines: [{ said: '녹음됩니다' }],
    });
    await agent.do({ ...call, customerId: other.customerId });
    expect(await row()).toMatchObject({ customerId: other.customerId });
    await centre.call('DELETE', `/v1/admin/customers/${other.customerId}`, { token: centre.adminToken });
    expect(await rowsOf('script_run', runId)).toEqual([]);
    const nobody = { kind: 'script.run' as const, runId: newId(), ...facts({ customerId: newId() }) };
    expect(await agent.do(nobody)).toMatchObject({ status: 'rejected', code: 'UNKNOWN_CUSTOMER' });
  });

  it('a run moves with a merge, and is handed out with all that is held about the customer', async () => {
    const [kept, gone] = [newCustomer('한결'), newCustomer('한결')];
    for (const customer of [kept, gone]) await agent.do(customer);
    const runId = newId();
    await agent.do({ kind: 'script.run', runId, ...facts({ customerId: gone.customerId }) });
    const merge = { mergeId: newId(), customerId: kept.customerId, goneId: gone.customerId, fields: [] };
    expect((await agent.do({ kind: 'customer.merge', ...merge })).status).toBe('applied');
    expect((await rowsOf('script_run', runId))[0]?.data).toMatchObject({ customerId: kept.customerId });
    const path = `/v1/customers/${kept.customerId}/disclosure`;
    const told = await centre.call('POST', path, {
      token: jung.session.accessToken,
      body: { reason: '본인 요청', use: 'read' },
    });
    expect(told.json).toMatchObject({ rows: { script_run: [{ id: runId }] } });
  });
});
