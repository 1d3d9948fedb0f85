import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '../shared/sync-wire.ts';
import { documentOptions, securityOf } from './api-document.ts';
import { deskOfToken } from './auth/sessions.ts';
import { readAccess, sameToken } from './auth/tokens.ts';
import type { Clock } from './clock.ts';
import type { Store } from './db/store.ts';
import type { DeskWipes } from './desk-wipes.ts';
import { answerError } from './error-replies.ts';
import type { PokeHub } from './live/poke-hub.ts';
import type { Messages } from './messages/messages.ts';
import type { Pbx } from './pbx/pbx.ts';
import { mayCall } from './policies.ts';
import type { Principal } from './principal.ts';
import { CentralProblem } from './problem.ts';
import { accessLogRoute, lookupLogRoute } from './routes/access-log.ts';
import { adminRoutes } from './routes/admin.ts';
import { adminPageRoutes } from './routes/admin-pages.ts';
import { customerRoutes } from './routes/customers.ts';
import { deskRoutes } from './routes/desk.ts';
import { deskWipeRoutes } from './routes/desk-wipes.ts';
import { heldWorkRoutes } from './routes/held-work.ts';
import { importRoutes } from './routes/imports.ts';
import { inboundRoutes } from './routes/inbound.ts';
import { knowledgeRoutes } from './routes/knowledge.ts';
import { liveRoute } from './routes/live.ts';
import { meRoutes } from './routes/me.ts';
import { messageSourceRoutes } from './routes/message-sources.ts';
import { messageRoutes } from './routes/messages.ts';
import { privacyRoutes } from './routes/privacy.ts';
import { scriptRoutes } from './routes/scripts.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { syncRoutes } from './routes/sync.ts';
import { transferRoutes } from './routes/transfers.ts';
import type { Secrets } from './secrets.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
  interface FastifyInstance {
    countStranger: (request: FastifyRequest) => Promise<void>;
  }
}

/** Everything that the routes work with. */
export interface CentralContext {
  store: Store;
  clock: Clock;
  log: Logger;
  hub: PokeHub;
  pbx: Pbx;
  wipes: DeskWipes;
  messages: Messages;
  secrets: Secrets;
  /** Signs access tokens and seals cursors; stored with the data. */
  secret: string;
  /** Lets whoever can read the admin-token file administer. */
  adminToken: string;
  practice: boolean;
  horizonLagSeconds: () => number;
}

export type CentralApp = ReturnType<typeof createFastify>;

/** Requests per second that one agent's desk (or, without a token that holds, one address) may make on average; a desk needs a few. */
const REQUESTS_PER_SECOND = 300;
const RATE = { max: REQUESTS_PER_SECOND * 10, timeWindow: 10_000 };

function createFastify() {
  return Fastify({
    logger: false,
    bodyLimit: 1024 * 1024,
    exposeHeadRoutes: false,
    genReqId: () => randomUUID(),
    // A shutdown must not wait for idle keep-alive connections.
    forceCloseConnections: true,
  }).withTypeProvider<ZodTypeProvider>();
}

/** The whole API on this context, not listening yet. */
export async function createApp(context: CentralContext): Promise<CentralApp> {
  const app = createFastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => answerError(context.log, error, request, reply));
  app.setNotFoundHandler((request, reply) => answerError(context.log, new CentralProblem('NOT_FOUND'), request, reply));
  guardEveryRoute(app, context);
  logEveryReply(app, context.log);
  await app.register(helmet);
  await app.register(rateLimit, {
    ...RATE,
    keyGenerator: (request) => callerKey(request),
    allowList: (request) => request.principal.kind === 'operator',
    errorResponseBuilder: (_, limit) =>
      new CentralProblem('TOO_MANY_TRIES', { retryAfterSeconds: Math.ceil(limit.ttl / 1000) }),
  });
  limitStrangers(app);
  await app.register(swagger, documentOptions());
  await app.register(websocket, { options: { maxPayload: 16 * 1024 } });
  // An encapsulated context, so that its routes see the plugins above.
  await app.register(async (scoped) => {
    const routes = scoped.withTypeProvider<ZodTypeProvider>();
    for (const add of [
      sessionRoutes,
      deskRoutes,
      customerRoutes,
      transferRoutes,
      syncRoutes,
      heldWorkRoutes,
      knowledgeRoutes,
      scriptRoutes,
      privacyRoutes,
      messageRoutes,
      deskWipeRoutes,
      liveRoute,
      meRoutes,
      adminRoutes,
      adminPageRoutes,
      importRoutes,
      messageSourceRoutes,
      inboundRoutes,
      accessLogRoute,
      lookupLogRoute,
    ]) {
      add(routes, context);
    }
    routes.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  });
  return app;
}

/** Whoever proved who they are counts alone; everybody else with their whole address, whatever token they made up. */
function callerKey({ principal, ip }: FastifyRequest): string {
  if (principal.kind === 'agent') return `agent ${principal.agentId} ${principal.deviceId}`;
  return principal.kind === 'desk' ? `desk ${principal.rootId}` : ip;
}

/** Tokens that do not hold are counted by address before they are refused: each one costs a look-up. */
function limitStrangers(app: CentralApp): void {
  const limit = app.createRateLimit({ ...RATE, keyGenerator: ({ ip }) => `stranger ${ip}` });
  app.decorate('countStranger', async (request: FastifyRequest) => {
    const state = await limit(request);
    if (state.isAllowed || !state.isExceeded) return;
    throw new CentralProblem('TOO_MANY_TRIES', { retryAfterSeconds: Math.max(1, state.ttlInSeconds) });
  });
}

function bearer(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  return header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : null;
}

/** Who is asking; an unknown or outdated token is nobody. */
async function identify(context: CentralContext, token: string | null): Promise<Principal> {
  if (token === null) return { kind: 'nobody' };
  if (sameToken(token, context.adminToken)) return { kind: 'operator' };
  if (token.startsWith('dgd_')) {
    const rootId = await deskOfToken(context.store.db, token);
    return rootId === null ? { kind: 'nobody' } : { kind: 'desk', rootId };
  }
  const agent = await readAccess(token, context.secret, context.clock);
  // The token of a lost desk holds for minutes yet; whoever has the desk reads nothing more by it.
  return agent === null || (agent.kind === 'agent' && context.wipes.isShut(agent.deviceId))
    ? { kind: 'nobody' }
    : agent;
}

/** A route without a policy stops the start; a caller without the right stops before the body is read. */
function guardEveryRoute(app: CentralApp, context: CentralContext): void {
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      const security = securityOf(`${method} ${route.url}`);
      if (security.length > 0) route.schema = { ...route.schema, security };
    }
  });
  app.decorateRequest('principal');
  app.addHook('onRequest', async (request) => {
    request.principal = await identify(context, bearer(request));
    if (request.is404) return;
    if (request.principal.kind === 'nobody' && bearer(request) !== null) await app.countStranger(request);
    if (mayCall(`${request.method} ${request.routeOptions.url}`, request.principal)) return mustSpeakOurs(request);
    throw new CentralProblem(request.principal.kind === 'nobody' ? 'SIGNED_OUT' : 'FORBIDDEN');
  });
}

/** Before anything else of a desk is read: what another release says would look like nonsense, and is none. */
function mustSpeakOurs({ headers, routeOptions }: FastifyRequest): void {
  const theirs = headers[PROTOCOL_HEADER];
  if (theirs === undefined || theirs === String(PROTOCOL_VERSION) || !routeOptions.url?.startsWith('/v1/sync/')) return;
  throw new CentralProblem('OTHER_RELEASE', { detail: `this centre speaks protocol ${PROTOCOL_VERSION}` });
}

/** The route's pattern, never the URL: it may hold a phone number. */
function logEveryReply(app: CentralApp, log: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    log.info({ method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode, ms });
  });
}
