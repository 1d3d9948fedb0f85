import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICIES } from '../../../src/central/policies.ts';
import { Problem } from '../../../src/shared/errors.ts';
import { newId } from '../../../src/shared/ids.ts';
import { startTestCentre, type TestCentre } from './kit.ts';

const ROLES = ['agent', 'telemarketer', 'supervisor', 'administrator'] as const;
const CALLERS = ['nobody', 'a stranger with a made-up token', ...ROLES, 'desk', 'operator'] as const;
type Caller = (typeof CALLERS)[number];

/**
 * Who is promised what, written down here once more: from the table of the code alone a right given by mistake would look right.
 * An endpoint that is in no list, or in two, fails the first test.
 */
const PROMISED: { may: readonly Caller[]; endpoints: string }[] = [
  {
    may: CALLERS,
    endpoints: `GET /health, GET /openapi.json, POST /v1/sign-in, POST /v1/refresh, POST /v1/sign-out,
      GET /v1/demo-logins, POST /v1/sign-in-demo, GET /v1/sync/live, POST /v1/inbound/:source`,
  },
  {
    may: ROLES,
    endpoints: `GET /v1/desk-config, POST /v1/customers/lookup, GET /v1/customers/:id, POST /v1/messages/:id/attachments/:index, POST /v1/transfers,
      GET /v1/transfers/:id, GET /v1/me/pbx, PUT /v1/me/state, PUT /v1/me/recording, GET /v1/sync/start,
      GET /v1/sync/snapshot, GET /v1/sync/changes, GET /v1/sync/audit, GET /v1/sync/audit/rows, LIVE /v1/sync/live`,
  },
  {
    may: ['desk'],
    endpoints: 'POST /v1/sync/push, PUT /v1/desk/held, GET /v1/desk/order, POST /v1/desk/wiped',
  },
  {
    may: ['supervisor', 'administrator'],
    endpoints: `GET /v1/held-work, POST /v1/customers/:id/disclosure, POST /v1/customers/:id/erase, GET /v1/knowledge, GET /v1/knowledge/:id/versions, GET /v1/knowledge/:id/versions/:number,
      PUT /v1/knowledge/versions, POST /v1/knowledge/:id/publish, POST /v1/knowledge/:id/withdraw`,
  },
  {
    may: ['supervisor', 'administrator', 'operator'],
    endpoints: `GET /v1/scripts, PUT /v1/scripts, GET /v1/scripts/:code/versions, GET /v1/scripts/:code/versions/:number,
      POST /v1/scripts/:code/publish, POST /v1/scripts/:code/withdraw`,
  },
  {
    may: ['administrator', 'operator'],
    endpoints: `GET /v1/admin/teams, PUT /v1/admin/teams, GET /v1/admin/users, PUT /v1/admin/users,
      DELETE /v1/admin/users/:login, GET /v1/admin/sip-accounts, PUT /v1/admin/sip-accounts,
      GET /v1/admin/dispositions, PUT /v1/admin/dispositions, GET /v1/admin/break-reasons, PUT /v1/admin/break-reasons,
      GET /v1/admin/text-blocks, PUT /v1/admin/text-blocks,
      GET /v1/admin/queues, PUT /v1/admin/queues, GET /v1/admin/custom-fields, PUT /v1/admin/custom-fields,
      GET /v1/admin/service-level, PUT /v1/admin/service-level, GET /v1/admin/products, PUT /v1/admin/products,
      GET /v1/admin/pbx, PUT /v1/admin/pbx, GET /v1/admin/ami, PUT /v1/admin/ami, PUT /v1/admin/practice,
      GET /v1/admin/mailbox, PUT /v1/admin/mailbox, GET /v1/admin/message-sources, PUT /v1/admin/message-sources,
      GET /v1/admin/message-keeping, PUT /v1/admin/message-keeping,
      POST /v1/admin/message-sources/:name/secret, POST /v1/admin/message-sources/:name/try,
      GET /v1/admin/current-customer, PUT /v1/admin/current-customer, GET /v1/admin/business, PUT /v1/admin/business, POST /v1/admin/customers, DELETE /v1/admin/customers/:id,
      POST /v1/admin/do-not-call, POST /v1/admin/load, GET /v1/admin/access-log, GET /v1/admin/lookups,
      PUT /v1/admin/imports/:id, GET /v1/admin/imports/:id, DELETE /v1/admin/imports/:id, POST /v1/admin/imports/:id/rows,
      POST /v1/admin/imports/:id/commit, PUT /v1/admin/assignments, GET /v1/admin/desks, POST /v1/admin/desks/:id/wipe, DELETE /v1/admin/desks/:id/wipe,
      POST /v1/admin/new-epoch`,
  },
];
const promised = new Map(
  PROMISED.flatMap(({ may, endpoints }) => endpoints.split(/,\s+/).map((endpoint) => [endpoint, may] as const)),
);

it('who may call what is written down for every endpoint, and is what the code says', () => {
  const lists = PROMISED.flatMap(({ endpoints }) => endpoints.split(/,\s+/));
  expect(lists.toSorted()).toEqual(Object.keys(POLICIES).toSorted());
  for (const [endpoint, policy] of Object.entries(POLICIES)) {
    const said: readonly string[] = policy === 'anybody' ? CALLERS : policy;
    expect(said.toSorted(), endpoint).toEqual(promised.get(endpoint)?.toSorted());
  }
});

let centre: TestCentre;
const tokens = new Map<Caller, string | null>([
  ['nobody', null],
  ['a stranger with a made-up token', 'dgd_made-up'],
]);

beforeAll(async () => {
  centre = await startTestCentre();
  for (const role of ROLES) {
    const desk = await centre.desk(role, { role });
    tokens.set(role, desk.session.accessToken);
    tokens.set('desk', desk.session.deviceToken);
  }
  tokens.set('operator', centre.adminToken);
});
afterAll(() => centre.close());

const endpoints = [...promised].filter(([endpoint]) => !endpoint.startsWith('LIVE ') && !endpoint.includes('/live'));

describe.each(endpoints)('%s', (endpoint, may) => {
  it.each(CALLERS)('as %s', async (caller) => {
    const [method = '', route = ''] = endpoint.split(' ');
    const path = route
      .replace(':id', newId())
      .replace(':login', 'no-such-login')
      .replace(':number', '1')
      .replace(/:(name|source)/, 'nothing');
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const answer = await centre.call(method, path, { token: tokens.get(caller) ?? null, body });
    const known = caller !== 'nobody' && caller !== 'a stranger with a made-up token';
    if (may.includes(caller)) {
      expect([401, 403]).not.toContain(answer.status);
      expect(answer.status).toBeLessThan(500);
    } else {
      expect(answer.status).toBe(known ? 403 : 401);
    }
    if (answer.status >= 400) expect(Problem.parse(answer.json).status).toBe(answer.status);
  });
});
