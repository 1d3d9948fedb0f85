import { sql } from 'kysely';
import type { AdminDoNotCall, AdminPageResponse, RowError } from '../../shared/central-admin-api.ts';
import { readPhoneNumber } from '../../shared/phone-number.ts';
import type { Db } from '../db/store.ts';
import { type RecordWrite, writeRecords } from '../records.ts';
import { writeSetting } from '../settings.ts';
import { derivedId } from './derived-id.ts';

const AT_ONCE = 5000;

/** One page of the register. The last one takes off what no page of this load named, and sets the list's age. */
export async function loadDoNotCall(db: Db, country: string, page: AdminDoNotCall): Promise<AdminPageResponse> {
  const errors: RowError[] = [];
  const writes = page.numbers.flatMap(({ phone, listedAt }, index): RecordWrite[] => {
    const { e164 } = readPhoneNumber(phone, country);
    if (e164 === null) {
      errors.push({ index, code: 'INVALID', detail: 'phone: not a whole number' });
      return [];
    }
    const id = derivedId('do_not_call', e164);
    return [{ table: 'do_not_call', id, data: { id, e164, listedAt } }];
  });
  const changed = await db.transaction().execute(async (trx) => {
    const ids = JSON.stringify(writes.map(({ id }) => id));
    await sql`
      INSERT INTO do_not_call_seen (id, loaded_at)
      SELECT DISTINCT value::uuid, ${page.loadedAt}::timestamptz FROM jsonb_array_elements_text(${ids}::jsonb)
      ON CONFLICT (id) DO UPDATE SET loaded_at = greatest(do_not_call_seen.loaded_at, excluded.loaded_at)`.execute(trx);
    return writeRecords(trx, writes);
  });
  if (page.last) {
    await takeOff(db, page.loadedAt);
    await writeSetting(db, 'doNotCallLoadedAt', page.loadedAt);
  }
  return { changed: changed.length, unchanged: writes.length - changed.length, errors };
}

async function takeOff(db: Db, loadedAt: string): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ n: number }>`
      WITH stale AS (
        SELECT r.id FROM record r LEFT JOIN do_not_call_seen seen ON seen.id = r.id
        WHERE r.tbl = 'do_not_call' AND NOT r.deleted AND (seen.loaded_at IS NULL OR seen.loaded_at < ${loadedAt}::timestamptz)
        ORDER BY r.id LIMIT ${AT_ONCE}
      ), gone AS (
        UPDATE record r SET deleted = true, data = NULL, version = r.version + 1, xid = pg_current_xact_id(),
          seq = nextval('record_seq')
        FROM stale WHERE r.tbl = 'do_not_call' AND r.id = stale.id RETURNING 1
      ) SELECT count(*)::int AS n FROM gone`.execute(db);
    if ((rows[0]?.n ?? 0) < AT_ONCE) return;
  }
}
