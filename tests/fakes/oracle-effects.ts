import { withField } from '../../src/shared/customer-edit.ts';
import { readPhoneNumber } from '../../src/shared/phone-number.ts';
import type { Operation, OperationPayload, RejectionCode, SyncRow, SyncTable } from '../../src/shared/sync-wire.ts';
import { sampleCustomer } from './sample-rows.ts';

export class Refusal extends Error {
  readonly code: RejectionCode;
  constructor(code: RejectionCode) {
    super(code);
    this.code = code;
  }
}

/** The rows of the oracle centre. */
export interface OracleRows {
  get: (table: SyncTable, id: string) => SyncRow | undefined;
  put: (table: SyncTable, id: string, data: object) => void;
  remove: (table: SyncTable, id: string) => void;
}

/** Does what an operation says, or throws the Refusal. `touched` receives the rows that its reply will show. */
export function applyToOracle(
  rows: OracleRows,
  operation: Operation,
  payload: OperationPayload,
  at: string,
  touched: string[],
): void {
  const put = (table: SyncTable, id: string, data: object) => {
    rows.put(table, id, data);
    touched.push(`${table}/${id}`);
  };
  const author = { id: operation.authorId, name: 'Agent' };
  if ('customerId' in payload && payload.kind !== 'customer.create') needCustomer(rows, payload.customerId);
  switch (payload.kind) {
    case 'interaction.record': {
      const { kind: _, interactionId, ...facts } = payload;
      const known = rows.get('interaction', interactionId);
      if (known?.deleted) throw new Refusal('ERASED');
      const old = known?.data as { customerId: string | null; dispositionCode: string | null } | undefined;
      put('interaction', interactionId, {
        id: interactionId,
        channel: 'phone',
        ...facts,
        customerId: facts.customerId ?? old?.customerId ?? null,
        agentId: author.id,
        agentName: author.name,
        subject: null,
        dispositionCode: old?.dispositionCode ?? null,
      });
      return;
    }
    case 'interaction.wrap_up': {
      const known = rows.get('interaction', payload.interactionId);
      if (known?.deleted) throw new Refusal('ERASED');
      if (!known?.data || known.table !== 'interaction') throw new Refusal('INVALID');
      if (payload.dispositionCode === 'unknown') throw new Refusal('UNKNOWN_DISPOSITION');
      put('interaction', known.id, {
        ...known.data,
        customerId: payload.customerId ?? known.data.customerId,
        dispositionCode: payload.dispositionCode,
      });
      return;
    }
    case 'note.save': {
      const { noteId: id, interactionId, customerId, text } = payload;
      if (rows.get('note', id)?.deleted) throw new Refusal('ERASED');
      if (text.startsWith('poison')) throw new Refusal('INVALID');
      const base = { id, interactionId, customerId, text };
      put('note', id, { ...base, authorId: author.id, authorName: author.name, at });
      return;
    }
    case 'customer.create': {
      if (rows.get('customer', payload.customerId)?.deleted) throw new Refusal('ERASED');
      if (payload.name.startsWith('poison')) throw new Refusal('INVALID');
      put('customer', payload.customerId, sampleCustomer(payload.customerId, payload.name));
      for (const point of payload.contactPoints) {
        const { e164, last8 } = readPhoneNumber(point.value);
        put('contact_point', point.id, { ...point, customerId: payload.customerId, e164, last8, primary: true });
      }
      return;
    }
    case 'consent.set': {
      const { kind: _, consentId: id, ...rest } = payload;
      put('consent', id, { id, ...rest, at });
      return;
    }
    case 'customer.update': {
      const known = rows.get('customer', payload.customerId);
      if (known?.table !== 'customer' || !known.data) throw new Refusal('UNKNOWN_CUSTOMER');
      const after = payload.changes.reduce((row, { field, value }) => withField(row, field, value), known.data);
      put('customer', known.id, after);
      return;
    }
    case 'phone.pick':
      put('phone_pick', payload.pickId, { id: payload.pickId, e164: payload.e164, customerId: payload.customerId });
      return;
    case 'promise.make': {
      const { kind: _, promiseId: id, ...rest } = payload;
      put('promise', id, { id, ...rest, byAgentId: author.id, byAgentName: author.name, status: 'open' });
      return;
    }
    case 'access.record':
      return;
  }
}

function needCustomer(rows: OracleRows, customerId: string | null): void {
  if (customerId === null) return;
  const row = rows.get('customer', customerId);
  if (!row) throw new Refusal('UNKNOWN_CUSTOMER');
  if (row.deleted) throw new Refusal('ERASED');
}
