import { beforeEach, expect, test } from 'vitest';
import type { CentralClient } from '../../../src/main/central-client.ts';
import { createPrivacy, type Privacy } from '../../../src/main/privacy.ts';
import type { AccessLogEntry } from '../../../src/shared/access-log.ts';
import { openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE, sampleRows } from '../../fakes/sample-set.ts';

const customerId = SAMPLE.gold.id;
const OF = { customerId, reason: '전화로 요청, 010-0000-1234' };

let desk: TestContext;
let asked: { path: string; body: unknown }[];
let privacy: Privacy;
beforeEach(() => {
  desk = openTestContext();
  desk.sitting = { ...SAMPLE.agent, role: 'supervisor' };
  asked = [];
  const customer = sampleRows(desk.clock.now()).find((row) => row.table === 'customer' && row.id === customerId)?.data;
  const rows = {
    contact_point: [],
    phone_pick: [],
    consent: [],
    relationship: [],
    holding: [],
    order: [],
    script_run: [],
    case: [],
    promise: [],
  };
  const look = { at: '2026-11-23T01:00:00.000Z', agentName: '김하늘', action: 'peek', context: '010-0000-1234 확인' };
  const all = { at: look.at, customer, merged: [], rows: { ...rows, interaction: [], note: [] }, looks: [look] };
  const central: CentralClient = {
    ask: async ({ path, body, answer }) => {
      asked.push({ path, body });
      return answer.parse(path.endsWith('/erase') ? { erasedRows: 7 } : { ...all, counts: { note: 0, looks: 1 } });
    },
  };
  privacy = createPrivacy(desk, { central, accessToken: async () => 'token' });
});

const log = () =>
  (desk.outbox.prepare('SELECT entry FROM access_log').all() as { entry: string }[])
    .map(({ entry }) => JSON.parse(entry) as AccessLogEntry)
    .map(({ action, customerId: whose, context }) => [action, whose, context]);

test('what is held is shown masked, and handed out whole; each is written down with its reason', async () => {
  const view = await privacy.read(OF);
  expect(view).toMatchObject({ counts: { looks: 1 }, looks: [{ context: '010-****-1234 확인' }] });
  expect(JSON.stringify(view)).not.toContain(SAMPLE.gold.name);
  expect((await privacy.export(OF)).customer.name).toBe(SAMPLE.gold.name);
  expect(log()).toEqual([
    ['disclose', customerId, OF.reason],
    ['export', customerId, OF.reason],
  ]);
  expect(asked.map(({ body }) => body)).toEqual([
    { reason: OF.reason, use: 'read' },
    { reason: OF.reason, use: 'export' },
  ]);
});

test('an erasure goes to the centre with the number that was typed', async () => {
  expect(await privacy.erase({ ...OF, customerNumber: 'C-1' })).toEqual({ erasedRows: 7 });
  expect(asked).toEqual([
    { path: `/v1/customers/${customerId}/erase`, body: { reason: OF.reason, customerNumber: 'C-1' } },
  ]);
  expect(log()).toEqual([['erase', customerId, OF.reason]]);
});

test('an agent is refused before anybody is asked', async () => {
  desk.sitting = SAMPLE.agent;
  await expect(privacy.export(OF)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect([asked, log()]).toEqual([[], []]);
});
