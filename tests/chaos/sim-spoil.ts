import { makeId } from '../../src/sync/ids.ts';
import type { SimDesk } from './sim-desk.ts';
import type { Happening, StormOptions } from './sim-storm.ts';

const TABLES = ['customer', 'contact_point', 'interaction', 'note', 'consent', 'promise'] as const;

/** What a bug or a bad sector may do to one confirmed row, without a word: only the audit finds it. */
const WAYS: Record<string, (desk: SimDesk, table: string, id: string, random: () => number) => void> = {
  loses: ({ dbs }, table, id) => void dbs.cache.prepare(`DELETE FROM "${table}" WHERE id = ?`).run(id),
  ages: ({ dbs }, table, id) => {
    dbs.cache
      .prepare(
        `UPDATE "${table}" SET version = version - 1, data = json_set(data, '$.id', 'old') WHERE id = ? AND json_valid(data)`,
      )
      .run(id);
  },
  'is ahead with': ({ dbs }, table, id) => {
    dbs.cache.prepare(`UPDATE "${table}" SET version = version + 7 WHERE id = ?`).run(id);
  },
  garbles: ({ dbs }, table, id) => void dbs.cache.prepare(`UPDATE "${table}" SET data = '{' WHERE id = ?`).run(id),
  changes: ({ dbs }, table, id) => {
    const text = table === 'note' ? '$.text' : '$.createdAt';
    dbs.cache
      .prepare(`UPDATE "${table}" SET data = json_set(data, ?, 'nobody said this') WHERE id = ? AND json_valid(data)`)
      .run(text, id);
  },
  doubles: ({ dbs, run }, table, id, random) => {
    if (!run || table === 'customer') return;
    const columns = dbs.cache.pragma(`table_info("${table}")`) as { name: string }[];
    const rest = columns.map(({ name }) => name).filter((name) => name !== 'id');
    dbs.cache
      .prepare(
        `INSERT INTO "${table}" (id, ${rest.join(', ')}) SELECT ?, ${rest.join(', ')} FROM "${table}" WHERE id = ?`,
      )
      .run(makeId(run.clock, random), id);
  },
};

/** @param spoils whether this run has the bug at all: in the others an audit must never find anything. */
export function toRows({ seen, random, say }: StormOptions): Happening[] {
  if (!seen.spoils) return [];
  return [
    [
      0.04,
      (desk) => {
        const table = TABLES[Math.floor(random() * TABLES.length)] ?? 'note';
        const ids = desk.dbs.cache.prepare(`SELECT id FROM "${table}" ORDER BY id`).pluck().all() as string[];
        const id = ids[Math.floor(random() * ids.length)];
        const ways = Object.entries(WAYS);
        const [name, spoil] = ways[Math.floor(random() * ways.length)] ?? [];
        if (id === undefined || !spoil) return;
        try {
          spoil(desk, table, id, random);
        } catch {
          // An index over the data refuses some nonsense by itself.
          return;
        }
        say(`${desk.name} ${name} ${table} ${id}`);
      },
    ],
  ];
}
