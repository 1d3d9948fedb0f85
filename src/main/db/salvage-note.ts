import { z } from 'zod';
import type { StoreStatus } from '../../shared/host-types.ts';
import type { ReadableDb, WritableDb } from '../../sync/sql-db.ts';
import type { Salvage } from './salvage.ts';

/** How long a loss in the outbox is shown at every start. */
const SHOWN_FOR_MS = 7 * 86_400_000;

const SalvageNote = z.object({
  at: z.number(),
  saved: z.int().default(0),
  /** null: the file was too broken to say. */
  lostOperations: z.int().nullable(),
  lostSequences: z.array(z.int()),
  /** Whether the centre's audit log has it: written in the name of the first agent who comes after the loss. */
  told: z.boolean().default(false),
});
export type SalvageNote = z.infer<typeof SalvageNote>;

/** Notes in the new outbox what came out of the broken one; a loss that was noted before is counted with it. */
export function noteSalvage(db: WritableDb, salvage: Salvage, now: number): void {
  const earlier = readSalvageNote(db)?.lostOperations ?? 0;
  write(db, {
    at: now,
    saved: salvage.saved,
    lostOperations: salvage.lostOperations === null ? null : salvage.lostOperations + earlier,
    lostSequences: salvage.lostSequences.slice(0, 1000),
    told: false,
  });
}

/** What is known of the last damage; null: there was none. */
export function readSalvageNote(db: ReadableDb): SalvageNote | null {
  const row = z
    .object({ value: z.string() })
    .safeParse(db.prepare("SELECT value FROM keep WHERE name = 'salvage'").get());
  return row.success ? SalvageNote.parse(JSON.parse(row.data.value)) : null;
}

/** Part of the transaction that writes the audit entry. */
export function markSalvageTold(db: WritableDb, note: SalvageNote): void {
  write(db, { ...note, told: true });
}

export function withSalvage(status: StoreStatus, outbox: ReadableDb, now: number): StoreStatus {
  const note = readSalvageNote(outbox);
  if (!note || now - note.at > SHOWN_FOR_MS) return status;
  return { ...status, outbox: 'salvaged', lostOperations: note.lostOperations };
}

function write(db: WritableDb, note: SalvageNote): void {
  db.prepare("INSERT OR REPLACE INTO keep (name, value) VALUES ('salvage', ?)").run(JSON.stringify(note));
}
