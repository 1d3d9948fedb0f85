import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Agent } from '../shared/agent.ts';
import { AdminCustomer, AdminPageResponse } from '../shared/central-admin-api.ts';
import { ContactPoint } from '../shared/contact-point.ts';
import { Customer } from '../shared/customer.ts';
import { Problem } from '../shared/errors.ts';
import { Interaction } from '../shared/interaction.ts';
import { OperationPayload, SyncRow } from '../shared/sync-wire.ts';
import { policyOf } from './policies.ts';

/** The schemas that the OpenAPI document names once and refers to. */
function namedSchemas() {
  const named = z.registry<{ id: string }>();
  const schemas = {
    Agent,
    AdminCustomer,
    AdminPageResponse,
    ContactPoint,
    Customer,
    Interaction,
    OperationPayload,
    Problem,
    SyncRow,
  };
  for (const [id, schema] of Object.entries(schemas)) named.add(schema, { id });
  return named;
}

const INFO = {
  title: 'Dangol central CRM API',
  version: '1',
  description:
    'What a Dangol desk needs of a central CRM. Errors are problem+json (RFC 9457). Every list is paged. ' +
    'WS /v1/sync/live: the first frame is {"type":"hello","accessToken":"…"}; the centre answers ' +
    '{"type":"welcome","epoch":"…"}, then {"type":"poke"} after each batch of changes and {"type":"ping"} every 20 s. A hello ' +
    'with "hears":["pbx"] also gets {"type":"pbx","agent":…} (as GET /v1/me/pbx) and {"type":"recording","recording":…}. ' +
    'Each operation of POST /v1/sync/push has the form of Operation in src/shared/sync-wire.ts.',
};

const SECURITY = {
  accessToken: { type: 'http', scheme: 'bearer', description: 'From sign-in or refresh; ten minutes.' },
  deviceToken: { type: 'http', scheme: 'bearer', description: 'From sign-in; only for pushing.' },
  operatorToken: { type: 'http', scheme: 'bearer', description: 'The content of the admin-token file.' },
} as const;

/** Options of @fastify/swagger. */
export function documentOptions() {
  const schemaRegistry = namedSchemas();
  return {
    openapi: { openapi: '3.1.0', info: INFO, components: { securitySchemes: SECURITY } },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  };
}

/** Which tokens an endpoint takes, from its policy. */
export function securityOf(endpoint: string): Record<string, string[]>[] {
  const policy = policyOf(endpoint);
  if (policy === 'anybody') return [];
  if (policy.includes('desk')) return [{ deviceToken: [] }];
  return policy.includes('operator') ? [{ operatorToken: [] }, { accessToken: [] }] : [{ accessToken: [] }];
}
