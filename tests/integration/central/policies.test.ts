import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICIES } from '../../../src/central/policies.ts';
import { Problem } from '../../../src/shared/errors.ts';
import { newId } from '../../../src/shared/ids.ts';
import { startTestCentre, type TestCentre } from './kit.ts';

const ROLES = ['agent', 'telemarketer', 'supervisor', 'administrator'] as const;
const CALLERS = ['nobody', 'a stranger with a made-up token', ...ROLES, 'desk', 'operator'] as const;
type Caller = (typeof CALLERS)[number];

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

const endpoints = Object.entries(POLICIES).filter(
  ([endpoint]) => !endpoint.startsWith('LIVE ') && !endpoint.includes('/live'),
);

describe.each(endpoints)('%s', (endpoint, policy) => {
  it.each(CALLERS)('as %s', async (caller) => {
    const [method = '', route = ''] = endpoint.split(' ');
    const path = route.replace(':id', newId()).replace(':login', 'no-such-login');
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const answer = await centre.call(method, path, { token: tokens.get(caller) ?? null, body });
    const known = caller !== 'nobody' && caller !== 'a stranger with a made-up token';
    const allowed = policy === 'anybody' || (known && policy.includes(caller));
    if (allowed) {
      expect([401, 403]).not.toContain(answer.status);
      expect(answer.status).toBeLessThan(500);
    } else {
      expect(answer.status).toBe(known ? 403 : 401);
    }
    if (answer.status >= 400) expect(Problem.parse(answer.json).status).toBe(answer.status);
  });
});
