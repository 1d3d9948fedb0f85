import type { SyncEvent } from '../../src/sync/engine.ts';
import type { DeskDbs } from '../fakes/desk-db.ts';

/**
 * What the windows of a desk show. They read everything when they open, and from then on only what an event names: whatever
 * the engine forgets to tell, or tells before it is there, stands wrong on this screen for ever.
 */
export interface SimScreen {
  open(): void;
  hear(event: SyncEvent): void;
  /** The agent saved a note. */
  saved(noteId: string): void;
  /** Where it differs from what the files say now. @param aboutNobody notes of erased customers: nobody shows those. */
  faults(aboutNobody: (noteId: string) => boolean): string[];
}

type Mark = 'here' | 'attention' | 'centre';

const TABLES = ['contact_point', 'phone_pick', 'consent', 'promise', '"case"', 'interaction', 'note'];
const PARTS = [
  'SELECT id AS customer_id, id, version FROM customer',
  ...TABLES.map((table) => `SELECT customer_id, id, version FROM ${table}`),
];
const VIEW = `SELECT customer_id AS id, group_concat(id || ' ' || version, ', ' ORDER BY id) AS text FROM (${PARTS.join(' UNION ALL ')})`;
const ALL = `${VIEW} WHERE customer_id IS NOT NULL GROUP BY customer_id`;
const ONE = `${VIEW} WHERE customer_id = ?`;

export function createSimScreen(dbs: () => DeskDbs): SimScreen {
  let shown = new Map<string, string>();
  const marks = new Map<string, Mark>();
  const paintAll = () => {
    const rows = dbs().ask('cache', ALL).all() as { id: string; text: string }[];
    return new Map(rows.map(({ id, text }) => [id, text]));
  };
  const paint = (id: string) => {
    const { text } = dbs().ask('cache', ONE).get(id) as { text: string | null };
    if (text === null) shown.delete(id);
    else shown.set(id, text);
  };
  const markOf = (noteId: string): Mark => {
    const row = dbs()
      .ask('outbox', `SELECT status FROM operation WHERE row_id = ? AND kind = 'note.save'`)
      .get(noteId) as { status: string } | undefined;
    if (row?.status === 'rejected' || row?.status === 'quarantined') return 'attention';
    return row?.status === 'pending' ? 'here' : 'centre';
  };
  return {
    open: () => {
      shown = paintAll();
      for (const noteId of marks.keys()) marks.set(noteId, markOf(noteId));
    },
    saved: (noteId) => void marks.set(noteId, 'here'),
    hear: (event) => {
      if (event.type === 'rows_changed') {
        if (event.all) shown = paintAll();
        for (const id of event.customerIds) paint(id);
      }
      if (event.type === 'customers_deleted') for (const id of event.customerIds) shown.delete(id);
      if (event.type === 'note_mark' && marks.has(event.noteId)) marks.set(event.noteId, event.mark);
    },
    faults: (aboutNobody) => {
      const right = paintAll();
      const wrong = [...new Set([...right.keys(), ...shown.keys()])].filter((id) => right.get(id) !== shown.get(id));
      const marked = [...marks].filter(([id, mark]) => !aboutNobody(id) && mark !== markOf(id));
      return [
        ...wrong.map((id) => `the screen shows of ${id}: ${shown.get(id)}; not ${right.get(id)}`),
        ...marked.map(([id, mark]) => `the screen marks note ${id} as ${mark}, not ${markOf(id)}`),
      ];
    },
  };
}
