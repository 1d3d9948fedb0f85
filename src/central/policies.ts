import type { Role } from '../shared/agent.ts';
import type { Principal } from './principal.ts';

/** Who may call an endpoint. 'desk' is the device token; 'operator' the admin-token file. */
type Caller = Role | 'desk' | 'operator';
type Policy = 'anybody' | readonly Caller[];

const ALL_ROLES = ['agent', 'telemarketer', 'supervisor', 'administrator'] as const;
const AUTHORS = ['supervisor', 'administrator'] as const;
const SCRIPT_AUTHORS = ['supervisor', 'administrator', 'operator'] as const;
const ADMINISTRATION = ['administrator', 'operator'] as const;

/**
 * The one table of who may do what: "METHOD /path" as Fastify knows the route. An endpoint that is not here cannot be
 * registered; the test of the whole table asks every endpoint as every caller.
 */
export const POLICIES: Record<string, Policy> = {
  'GET /health': 'anybody',
  'GET /openapi.json': 'anybody',
  'POST /v1/sign-in': 'anybody',
  'POST /v1/refresh': 'anybody',
  'POST /v1/sign-out': 'anybody',
  'GET /v1/demo-logins': 'anybody',
  'POST /v1/sign-in-demo': 'anybody',
  'GET /v1/desk-config': ALL_ROLES,
  'POST /v1/customers/lookup': ALL_ROLES,
  'GET /v1/customers/:id': ALL_ROLES,
  'POST /v1/transfers': ALL_ROLES,
  'GET /v1/transfers/:id': ALL_ROLES,
  'GET /v1/me/pbx': ALL_ROLES,
  'PUT /v1/me/state': ALL_ROLES,
  'PUT /v1/me/recording': ALL_ROLES,
  'POST /v1/sync/push': ['desk'],
  'PUT /v1/desk/held': ['desk'],
  'GET /v1/desk/order': ['desk'],
  'POST /v1/desk/wiped': ['desk'],
  'GET /v1/held-work': ['supervisor', 'administrator'],
  'POST /v1/customers/:id/disclosure': AUTHORS,
  'POST /v1/customers/:id/erase': AUTHORS,
  'POST /v1/messages/:id/attachments/:index': ALL_ROLES,
  'GET /v1/knowledge': AUTHORS,
  'GET /v1/knowledge/:id/versions': AUTHORS,
  'GET /v1/knowledge/:id/versions/:number': AUTHORS,
  'PUT /v1/knowledge/versions': AUTHORS,
  'POST /v1/knowledge/:id/publish': AUTHORS,
  'POST /v1/knowledge/:id/withdraw': AUTHORS,
  'GET /v1/scripts': SCRIPT_AUTHORS,
  'PUT /v1/scripts': SCRIPT_AUTHORS,
  'GET /v1/scripts/:code/versions': SCRIPT_AUTHORS,
  'GET /v1/scripts/:code/versions/:number': SCRIPT_AUTHORS,
  'POST /v1/scripts/:code/publish': SCRIPT_AUTHORS,
  'POST /v1/scripts/:code/withdraw': SCRIPT_AUTHORS,
  'GET /v1/sync/start': ALL_ROLES,
  'GET /v1/sync/snapshot': ALL_ROLES,
  'GET /v1/sync/changes': ALL_ROLES,
  'GET /v1/sync/audit': ALL_ROLES,
  'GET /v1/sync/audit/rows': ALL_ROLES,
  // The access token comes in the first frame: routes/live.ts asks `mayCall` with LIVE.
  'GET /v1/sync/live': 'anybody',
  // Signed by the source: routes/inbound.ts asks for it.
  'POST /v1/inbound/:source': 'anybody',
  'LIVE /v1/sync/live': ALL_ROLES,
  ...administration(
    'teams',
    'users',
    'sip-accounts',
    'dispositions',
    'break-reasons',
    'text-blocks',
    'queues',
    'custom-fields',
    'service-level',
    'products',
    'message-sources',
    'message-keeping',
  ),
  'POST /v1/admin/message-sources/:name/secret': ADMINISTRATION,
  'POST /v1/admin/message-sources/:name/try': ADMINISTRATION,
  'GET /v1/admin/pbx': ADMINISTRATION,
  'PUT /v1/admin/pbx': ADMINISTRATION,
  'GET /v1/admin/ami': ADMINISTRATION,
  'PUT /v1/admin/ami': ADMINISTRATION,
  'GET /v1/admin/mailbox': ADMINISTRATION,
  'PUT /v1/admin/mailbox': ADMINISTRATION,
  'PUT /v1/admin/practice': ADMINISTRATION,
  'GET /v1/admin/current-customer': ADMINISTRATION,
  'PUT /v1/admin/current-customer': ADMINISTRATION,
  'GET /v1/admin/business': ADMINISTRATION,
  'PUT /v1/admin/business': ADMINISTRATION,
  'DELETE /v1/admin/users/:login': ADMINISTRATION,
  'POST /v1/admin/customers': ADMINISTRATION,
  'POST /v1/admin/do-not-call': ADMINISTRATION,
  'POST /v1/admin/load': ADMINISTRATION,
  'DELETE /v1/admin/customers/:id': ADMINISTRATION,
  'PUT /v1/admin/imports/:id': ADMINISTRATION,
  'GET /v1/admin/imports/:id': ADMINISTRATION,
  'DELETE /v1/admin/imports/:id': ADMINISTRATION,
  'POST /v1/admin/imports/:id/rows': ADMINISTRATION,
  'POST /v1/admin/imports/:id/commit': ADMINISTRATION,
  'GET /v1/admin/access-log': ADMINISTRATION,
  'GET /v1/admin/lookups': ADMINISTRATION,
  'PUT /v1/admin/assignments': ADMINISTRATION,
  'GET /v1/admin/desks': ADMINISTRATION,
  'POST /v1/admin/desks/:id/wipe': ADMINISTRATION,
  'DELETE /v1/admin/desks/:id/wipe': ADMINISTRATION,
  'POST /v1/admin/new-epoch': ADMINISTRATION,
};

function administration(...things: string[]): Record<string, Policy> {
  return Object.fromEntries(
    things.flatMap((thing) => [
      [`GET /v1/admin/${thing}`, ADMINISTRATION],
      [`PUT /v1/admin/${thing}`, ADMINISTRATION],
    ]),
  );
}

/** The policy of a route; throws where there is none, so that the server does not start. */
export function policyOf(endpoint: string): Policy {
  const policy = POLICIES[endpoint];
  if (policy === undefined) throw new Error(`${endpoint} has no policy in src/central/policies.ts`);
  return policy;
}

export function mayCall(endpoint: string, principal: Principal): boolean {
  const policy = policyOf(endpoint);
  if (policy === 'anybody') return true;
  if (principal.kind === 'nobody') return false;
  return policy.includes(principal.kind === 'agent' ? principal.role : principal.kind);
}
