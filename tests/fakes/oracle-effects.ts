import { withField } from '../../src/shared/customer-edit.ts';
import { readPhoneNumber } from '../../src/shared/phone-number.ts';
import { MIRRORED } from '../../src/shared/relationship.ts';
import type { Operation, OperationPayload, RejectionCode, SyncRow, SyncTable } from '../../src/shared/sync-wire.ts';
import { changedCase, changedPromise } from '../../src/shared/work.ts';
import { liveIn, mergeInOracle, type OracleMerge, splitInOracle, unmergeInOracle } from './oracle-merge.ts';
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
  /** Living rows that belong to this customer. */
  list: (customerId: string) => SyncRow[];
  merges: Map<string, OracleMerge>;
}

/** Does what an operation says, or throws the Refusal. `touched` receives the rows that its reply will show. */
export function applyToOracle(
  rows: OracleRows,
  operation: Operation,
  named: OperationPayload,
  at: string,
  touched: string[],
): void {
  const put = (table: SyncTable, id: string, data: object) => {
    rows.put(table, id, data);
    touched.push(`${table}/${id}`);
  };
  const author = { id: operation.authorId, name: 'Agent' };
  let payload = named;
  if (namesLivingCustomer(payload)) {
    payload = { ...payload, customerId: liveIn(rows, payload.customerId) };
    needCustomer(rows, payload.customerId);
  }
  switch (payload.kind) {
    case 'customer.merge':
      mergeInOracle(rows, payload, { author, at, put });
      return;
    case 'customer.split':
      splitInOracle(rows, payload, put);
      return;
    case 'customer.unmerge':
      unmergeInOracle(rows, payload, { author, at, put });
      return;
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
        wrapUpSeconds: payload.wrapUpSeconds,
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
      const known = rows.get('consent', id);
      const owner = known?.table === 'consent' && known.data ? liveIn(rows, known.data.customerId) : rest.customerId;
      put('consent', id, { id, ...rest, customerId: owner, at });
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
    case 'relation.add': {
      const { kind: _, relationId: id, ...rest } = payload;
      put('relationship', id, { id, ...rest });
      put('relationship', payload.mirrorId, {
        ...{ id: payload.mirrorId, mirrorId: id, customerId: payload.otherId, otherId: payload.customerId },
        role: MIRRORED[payload.role],
      });
      return;
    }
    // No desk of the simulator parts two again.
    case 'relation.remove':
      return;
    case 'promise.make': {
      const { kind: _, promiseId: id, ...rest } = payload;
      put('promise', id, { id, ...rest, byAgentId: author.id, byAgentName: author.name, status: 'open' });
      return;
    }
    case 'promise.change': {
      const known = rows.get('promise', payload.promiseId);
      if (known?.deleted) throw new Refusal('ERASED');
      if (known?.table !== 'promise' || !known.data) throw new Refusal('INVALID');
      put(
        'promise',
        known.id,
        changedPromise(known.data, payload.change, { at, byName: author.name, why: payload.why }),
      );
      return;
    }
    case 'case.open': {
      const { kind: _, caseId: id, interactionId: __, owner = author, ...rest } = payload;
      if (rows.get('case', id)?.deleted) throw new Refusal('ERASED');
      if (payload.subject.startsWith('poison')) throw new Refusal('INVALID');
      const opened = { number: `CS-${id.slice(-6)}`, status: 'open', openedAt: at };
      put('case', id, { id, ...rest, ...opened, ownerId: owner.id, ownerName: owner.name });
      return;
    }
    case 'case.change': {
      const known = rows.get('case', payload.caseId);
      if (known?.deleted) throw new Refusal('ERASED');
      if (known?.table !== 'case' || !known.data) throw new Refusal('INVALID');
      put('case', known.id, changedCase(known.data, payload.change, { at, byName: author.name, why: payload.why }));
      return;
    }
    // The simulator's desks write no mails yet.
    case 'message.send':
    case 'message.settle':
      return;
    // The counts are the centre's business: no desk of the simulator reads any.
    case 'knowledge.use':
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

/** A merge looks for itself whom it names, and whoever is created is that very one. */
function namesLivingCustomer(
  payload: OperationPayload,
): payload is Exclude<OperationPayload, { kind: 'access.record' | 'knowledge.use' }> & { customerId: string } {
  const kinds: readonly string[] = ['customer.create', 'customer.merge', 'customer.split', 'customer.unmerge'];
  return 'customerId' in payload && payload.customerId !== null && !kinds.includes(payload.kind);
}
