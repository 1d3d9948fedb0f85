import type { PushRequest, PushResponse, SyncRow } from '../../src/shared/sync-wire.ts';
import type { SimDesk } from './sim-desk.ts';
import { aboutErased, type Seen } from './sim-seen.ts';

/** What replies brought to the desks. From the acknowledgement on it stands there, or what came after it, until another epoch. */
export interface ToldBook {
  /** An answer arrives at a desk; it may be stored or not. */
  hear(desk: string, request: PushRequest, response: PushResponse): void;
  /** What this desk was told and shows no more. */
  faults(desk: SimDesk): string[];
}

interface Told {
  opId: string;
  epoch: string;
  rows: readonly SyncRow[];
}

export function createToldBook(seen: Seen): ToldBook {
  const told = new Map<string, Told[]>();
  return {
    hear: (desk, { operations }, { epoch, replies }) => {
      const mine = told.get(desk) ?? [];
      told.set(desk, mine);
      for (const [i, { opId }] of (operations as { opId: string }[]).entries()) {
        const reply = replies[i];
        if (reply?.status === 'applied' && reply.rows.length > 0) mine.push({ opId, epoch, rows: reply.rows });
      }
    },
    faults: (desk) => {
      const mine = told.get(desk.name);
      if (!mine || seen.spoils || seen.doubled) return [];
      const epoch = desk.dbs.ask('cache', 'SELECT epoch FROM sync_state').pluck().get();
      const heardOf = desk.dbs.ask('outbox', `SELECT value FROM keep WHERE name = 'sync.epoch'`).pluck().get();
      const now = mine.filter((one) => one.epoch === epoch || one.epoch === heardOf);
      told.set(desk.name, now);
      // Replies of another epoch replace rows of this one, before the cache is filled again: it stands on two (S31).
      if (epoch !== heardOf) return [];
      const status = desk.dbs.ask('outbox', 'SELECT status FROM operation WHERE op_id = ?').pluck();
      return now.flatMap((one) =>
        status.get(one.opId) === 'acknowledged' ? one.rows.flatMap((row) => faultOf(seen, desk, row, one)) : [],
      );
    },
  };
}

function faultOf(seen: Seen, desk: SimDesk, row: SyncRow, { opId, epoch }: Told): string[] {
  const held = desk.dbs.ask('cache', `SELECT version FROM "${row.table}" WHERE id = ?`).pluck().get(row.id);
  const what = `${row.table} ${row.id} v${row.version}, which a reply brought`;
  if (typeof held !== 'number') return mayBeAbsent(seen, desk, row, opId) ? [] : [`${desk.name} has no more ${what}`];
  if (held < row.version && !mayHaveComeBack(seen, desk, row))
    return [`${desk.name} went back to v${held} from ${what}`];
  const newest = seen.centre.epochName() === epoch ? seen.centre.versionOf(row.table, row.id) : null;
  const ofAnother = newest !== null && newest >= row.version && held > newest;
  return ofAnother ? [`${desk.name} shows v${held} of an older epoch for ${what}`] : [];
}

/**
 * Said of somebody who was gone just then, so that it could not be stored. If they are back, then as the centre knew them when it let
 * them come; what was said follows with the next pull.
 */
function mayHaveComeBack({ everDeparted }: Seen, desk: SimDesk, row: SyncRow): boolean {
  return desk.scopes.includes('team') && everDeparted.has(ownerOf(row) ?? '');
}

/** Deleted since, with their customer or by themselves. A cache that was filled again does not remember it. */
function mayBeAbsent({ everErased, everDeparted, acts }: Seen, desk: SimDesk, row: SyncRow, opId: string): boolean {
  const deleted = desk.dbs.ask('cache', 'SELECT version FROM deleted_row WHERE id = ?').pluck();
  const customerId = ownerOf(row);
  const ownDeletion = deleted.get(row.id);
  if (typeof ownDeletion === 'number' && ownDeletion >= row.version) return true;
  if (customerId !== null && customerId !== row.id && deleted.get(customerId) !== undefined) return true;
  const gone = new Set([...everErased, ...(desk.scopes.includes('team') ? everDeparted : [])]);
  // A row that went over to somebody who is not here left with a deletion older than itself.
  if (row.table !== 'customer' && customerId !== null && gone.has(customerId)) return true;
  if (typeof ownDeletion === 'number') return false;
  const payload = acts.get(opId)?.payload;
  // Also a call that was tied to them after this was said.
  return (customerId !== null && gone.has(customerId)) || (payload !== undefined && aboutErased(acts, gone)(payload));
}

function ownerOf({ table, id, data }: SyncRow): string | null {
  if (table === 'customer') return id;
  return data !== null && 'customerId' in data ? data.customerId : null;
}
