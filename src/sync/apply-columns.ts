import { assertNever } from '../shared/assert-never.ts';
import { knowledgeHints } from '../shared/knowledge-hints.ts';
import { isWaiting } from '../shared/message.ts';
import { knowledgeText } from '../shared/search-text.ts';
import type { SyncRow, SyncTable } from '../shared/sync-wire.ts';

/** The columns of a table of cache.db between `version` and `data`, in the order of columnValues(). */
export const CACHE_COLUMNS: { [T in SyncTable]: readonly string[] } = {
  team: [],
  agent: [],
  queue: [],
  disposition: [],
  break_reason: [],
  text_block: [],
  custom_field: [],
  service_level: [],
  product: [],
  knowledge_article: ['head', 'initials', 'rest', 'hints'],
  knowledge_count: [],
  script: [],
  customer: ['customer_number', 'name'],
  contact_point: ['customer_id', 'kind', 'e164', 'last8'],
  phone_pick: ['customer_id', 'e164'],
  consent: ['customer_id'],
  do_not_call: ['e164'],
  relationship: ['customer_id'],
  holding: ['customer_id'],
  order: ['customer_id', 'placed_at'],
  case: ['customer_id', 'status'],
  promise: ['customer_id', 'status', 'due_at'],
  interaction: ['customer_id', 'started_at', 'waiting'],
  note: ['customer_id', 'interaction_id', 'at'],
  script_run: ['customer_id', 'interaction_id', 'at'],
};

/** Tables whose rows belong to a customer: they go with the customer. */
export const TABLES_OF_CUSTOMER: readonly SyncTable[] = [
  'contact_point',
  'phone_pick',
  'consent',
  'relationship',
  'holding',
  'order',
  'case',
  'promise',
  'interaction',
  'note',
  'script_run',
];

/** Tables that every desk shows in lists of its own; do_not_call is asked by number only, counts of knowledge change all day. */
export const CATALOGUE_TABLES: readonly SyncTable[] = [
  'team',
  'agent',
  'queue',
  'disposition',
  'break_reason',
  'text_block',
  'custom_field',
  'service_level',
  'product',
  'knowledge_article',
  'script',
];

export type FullRow = { [T in SyncTable]: Extract<SyncRow, { table: T }> & { data: object } }[SyncTable];

/** What a read filters or sorts by, beside the row's JSON. */
export function columnValues(row: FullRow): readonly (string | null)[] {
  switch (row.table) {
    case 'team':
    case 'agent':
    case 'queue':
    case 'disposition':
    case 'break_reason':
    case 'text_block':
    case 'custom_field':
    case 'service_level':
    case 'product':
    case 'knowledge_count':
    case 'script':
      return [];
    case 'knowledge_article': {
      const { head, initials, rest } = knowledgeText(row.data);
      return [head, initials, rest, JSON.stringify(knowledgeHints(row.data))];
    }
    case 'customer':
      return [row.data.customerNumber, row.data.name];
    case 'contact_point':
      return [row.data.customerId, row.data.kind, row.data.e164, row.data.last8];
    case 'phone_pick':
      return [row.data.customerId, row.data.e164];
    case 'consent':
    case 'relationship':
    case 'holding':
      return [row.data.customerId];
    case 'order':
      return [row.data.customerId, row.data.placedAt];
    case 'do_not_call':
      return [row.data.e164];
    case 'case':
      return [row.data.customerId, row.data.status];
    case 'promise':
      return [row.data.customerId, row.data.status, row.data.dueAt];
    case 'interaction':
      return [row.data.customerId, row.data.startedAt, isWaiting(row.data) ? (row.data.message?.dueAt ?? null) : null];
    case 'note':
    case 'script_run':
      return [row.data.customerId, row.data.interactionId, row.data.at];
    default:
      return assertNever(row);
  }
}

/** The customer that a row belongs to; null for rows of nobody in particular. */
export function customerOf(row: FullRow): string | null {
  switch (row.table) {
    case 'customer':
      return row.data.id;
    case 'contact_point':
    case 'phone_pick':
    case 'consent':
    case 'relationship':
    case 'holding':
    case 'order':
    case 'case':
    case 'promise':
    case 'interaction':
    case 'note':
    case 'script_run':
      return row.data.customerId;
    default:
      return null;
  }
}
