import { z } from 'zod';
import {
  DemoLogins,
  DemoSignInRequest,
  RefreshRequest,
  RefreshResponse,
  SignInRequest,
  SignInResponse,
} from '../../shared/central-api.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { passwordFits } from '../auth/passwords.ts';
import { closeSession, openSession, refreshSession } from '../auth/sessions.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';
import { readRecord } from '../records.ts';

/** Wrong passwords that one login may have from one address before it waits. */
const TRIES = 10;
const TRIES_WINDOW_MS = 60_000;

const LoginOnly = z.object({ login: z.string() });

export function sessionRoutes(app: CentralApp, context: CentralContext): void {
  signIn(app, context);
  demo(app, context);
  app.post(
    '/v1/refresh',
    { schema: { tags: ['session'], body: RefreshRequest, response: { 200: RefreshResponse, ...PROBLEMS } } },
    async ({ body }) => refreshSession({ db: context.store.db, ...context }, body.refreshToken, body.deviceId),
  );
  app.post(
    '/v1/sign-out',
    { schema: { tags: ['session'], body: RefreshRequest, response: { 200: z.object({}), ...PROBLEMS } } },
    async ({ body }) => {
      await closeSession({ db: context.store.db, ...context }, body.refreshToken);
      return {};
    },
  );
}

function signIn(app: CentralApp, context: CentralContext): void {
  // Counts failures only: a whole team may sign in at eight from one address.
  const limit = app.createRateLimit({
    max: TRIES,
    timeWindow: TRIES_WINDOW_MS,
    keyGenerator: ({ body, ip }) => `${ip} ${LoginOnly.safeParse(body).data?.login.toLowerCase() ?? ''}`,
  });
  app.post(
    '/v1/sign-in',
    { schema: { tags: ['session'], body: SignInRequest, response: { 200: SignInResponse, ...PROBLEMS } } },
    async (request) => {
      const { login, password, deviceId } = request.body;
      await context.wipes.mustBeOpen(deviceId);
      const state = await limit(request, { increment: false });
      if (!state.isAllowed && state.remaining <= 0) {
        throw new CentralProblem('TOO_MANY_TRIES', { retryAfterSeconds: state.ttlInSeconds || TRIES_WINDOW_MS / 1000 });
      }
      const account = await context.store.db
        .selectFrom('account')
        .select(['agent_id', 'password_hash'])
        .where('login', '=', login.toLowerCase())
        .where('disabled_at', 'is', null)
        .executeTakeFirst();
      const fits = await passwordFits(account?.password_hash ?? null, password);
      const agent = fits && account ? await readRecord(context.store.db, 'agent', account.agent_id) : null;
      if (agent === null) {
        await limit(request);
        throw new CentralProblem('WRONG_PASSWORD');
      }
      return openSession({ db: context.store.db, ...context }, agent, deviceId);
    },
  );
}

/** Sign-in without a password, for accounts that were made with practice data. Not there otherwise. */
function demo(app: CentralApp, context: CentralContext): void {
  const demoAccounts = () => {
    if (!context.practice) throw new CentralProblem('NOT_FOUND');
    return context.store.db.selectFrom('account').where('demo', '=', true).where('disabled_at', 'is', null);
  };
  app.get(
    '/v1/demo-logins',
    { schema: { tags: ['practice'], response: { 200: DemoLogins, ...PROBLEMS } } },
    async () => {
      const accounts = await demoAccounts().select('agent_id').orderBy('agent_id').limit(50).execute();
      const agents = await Promise.all(accounts.map((a) => readRecord(context.store.db, 'agent', a.agent_id)));
      const there = agents.filter((agent) => agent !== null);
      return { logins: there.map(({ login, name, role }) => ({ login, name, role })) };
    },
  );
  app.post(
    '/v1/sign-in-demo',
    { schema: { tags: ['practice'], body: DemoSignInRequest, response: { 200: SignInResponse, ...PROBLEMS } } },
    async ({ body }) => {
      const account = await demoAccounts().select('agent_id').where('login', '=', body.login).executeTakeFirst();
      const agent = account ? await readRecord(context.store.db, 'agent', account.agent_id) : null;
      await context.wipes.mustBeOpen(body.deviceId);
      if (agent === null) throw new CentralProblem('NOT_FOUND', { detail: 'no such demo login' });
      return openSession({ db: context.store.db, ...context }, agent, body.deviceId);
    },
  );
}
