import {
  HISTORY_PAGE,
  type HistoryLine,
  type HistoryPage,
  type HistoryPlace,
  type HistoryRequest,
} from '../shared/history.ts';
import type { Interaction, Note } from '../shared/interaction.ts';
import { overlayInteraction, type PendingRows, readPendingOf } from '../sync/outbox-reads.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { EXCERPT_OF_DATA, excerptOf } from './excerpt.ts';

/** Keyset pages over the index of each table, which has the id behind the moment. A test asserts that nothing is sorted. */
const CONTACTS_FROM = `FROM interaction
    WHERE customer_id = ? AND started_at <= ? AND (started_at < ? OR id > ?) ORDER BY started_at DESC, id LIMIT ?`;
export const HISTORY_OF = {
  contacts: `SELECT id, started_at AS at, ${EXCERPT_OF_DATA} AS data ${CONTACTS_FROM}`,
  /** With all their words: a search looks through them. */
  wholeContacts: `SELECT id, started_at AS at, data ${CONTACTS_FROM}`,
  looseNotes: `SELECT id, at, data FROM note
    WHERE customer_id = ? AND at <= ? AND (at < ? OR id > ?) AND interaction_id IS NULL ORDER BY at DESC, id LIMIT ?`,
  notesOfContacts: `SELECT note.data AS data FROM json_each(?) AS wanted CROSS JOIN note
    WHERE note.interaction_id = wanted.value`,
} as const;

/** Of everybody of whom the customer consists: those whom only this desk merged have their rows under their own ids yet. */
export type WholeRequest = HistoryRequest & { customerIds: readonly string[] };

/** Read at once; a search that finds little answers after so many chunks with what it has, and goes on when asked again. */
const CHUNK = 200;
const CHUNKS_AT_MOST = 10;
const NEWEST: HistoryPlace = { at: '9999-12-31T23:59:59.999Z', id: '' };

interface Row {
  id: string;
  at: string;
  data: string;
}

/**
 * One page of a customer's history. Call it in a read transaction on the cache.
 * @param show masks a line: a search finds what may be seen, and nothing behind the mask.
 */
export function readHistoryRows(
  outbox: ReadableDb,
  cache: ReadableDb,
  request: WholeRequest,
  show: (line: HistoryLine) => HistoryLine,
): HistoryPage {
  const { customerIds } = request;
  const pending = readPendingOf(outbox, customerIds, []);
  const lines: HistoryLine[] = [];
  let place = request.before ?? NEWEST;
  for (let chunk = 0; chunk < CHUNKS_AT_MOST; chunk += 1) {
    const rows = readChunk(cache, request, place);
    const found = toLines(cache, customerIds, rows, pending);
    for (const { row, line } of found) {
      place = { at: row.at, id: row.id };
      const shown = line && show(line);
      if (shown && fits(shown, request)) lines.push(short(shown));
      if (lines.length === HISTORY_PAGE) return { lines, next: place };
    }
    if (rows.length < CHUNK) return { lines, next: null };
  }
  return { lines, next: place };
}

type ChunkRow = Row & { table: 'interaction' | 'note' };

/** The next contacts and loose notes, as one list from the newest on. */
function readChunk(cache: ReadableDb, { customerIds, text }: WholeRequest, { at, id }: HistoryPlace): ChunkRow[] {
  const read = (sql: string) =>
    customerIds.flatMap((customerId) => cache.prepare(sql).all(customerId, at, at, id, CHUNK) as Row[]);
  const sql = text.trim() === '' ? HISTORY_OF.contacts : HISTORY_OF.wholeContacts;
  const contacts = read(sql).map((row): ChunkRow => ({ ...row, table: 'interaction' }));
  const notes = read(HISTORY_OF.looseNotes).map((row): ChunkRow => ({ ...row, table: 'note' }));
  return [...contacts, ...notes].sort(fromNewest).slice(0, CHUNK);
}

function fromNewest(a: Row, b: Row): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}

/** null: the row is somebody else's by what was corrected here. */
function toLines(
  cache: ReadableDb,
  customerIds: readonly string[],
  rows: readonly ChunkRow[],
  pending: PendingRows,
): { row: ChunkRow; line: HistoryLine | null }[] {
  const contacts = rows.filter(({ table }) => table === 'interaction').map(({ id }) => id);
  const notes = notesOf(cache, contacts, pending);
  const edits = new Map(pending.interactions.map((edit) => [edit.interactionId, edit]));
  return rows.map((row) => {
    if (row.table === 'note') {
      return { row, line: { kind: 'note', at: row.at, note: { ...(JSON.parse(row.data) as Note), mark: 'centre' } } };
    }
    const confirmed = JSON.parse(row.data) as Interaction;
    const edit = edits.get(row.id);
    const interaction = edit ? overlayInteraction(confirmed, edit) : confirmed;
    if (!interaction || !customerIds.includes(interaction.customerId ?? '')) return { row, line: null };
    const entry = { interaction, notes: notes.get(row.id) ?? [], mark: edit?.mark ?? ('centre' as const) };
    return { row, line: { kind: 'contact', at: row.at, entry } };
  });
}

type ShownNote = Extract<HistoryLine, { kind: 'note' }>['note'];

function notesOf(cache: ReadableDb, contacts: readonly string[], pending: PendingRows): Map<string, ShownNote[]> {
  const found = cache.prepare(HISTORY_OF.notesOfContacts).all(JSON.stringify(contacts)) as { data: string }[];
  const confirmed = found.map(({ data }): ShownNote => ({ ...(JSON.parse(data) as Note), mark: 'centre' }));
  const known = new Set(confirmed.map(({ id }) => id));
  const own = pending.notes
    .filter(({ row }) => !known.has(row.id))
    .map(({ row, mark }): ShownNote => ({ ...row, mark }));
  const byContact = new Map<string, ShownNote[]>();
  for (const note of [...confirmed, ...own].sort((a, b) => (a.at < b.at ? -1 : 1))) {
    if (note.interactionId === null) continue;
    byContact.set(note.interactionId, [...(byContact.get(note.interactionId) ?? []), note]);
  }
  return byContact;
}

/** A search reads all the words of a mail, a list shows how it begins. */
function short(line: HistoryLine): HistoryLine {
  if (line.kind === 'note' || !line.entry.interaction.message) return line;
  return { ...line, entry: { ...line.entry, interaction: excerptOf(line.entry.interaction) } };
}

function fits(line: HistoryLine, { only, text }: Pick<HistoryRequest, 'only' | 'text'>): boolean {
  const wanted = text.trim().toLowerCase();
  const says = (words: string | null) => (words ?? '').toLowerCase().includes(wanted);
  if (line.kind === 'note') return (only === null || only === 'notes') && says(line.note.text);
  const { interaction, notes } = line.entry;
  if (only === 'notes' ? notes.length === 0 : only !== null && only !== interaction.channel) return false;
  const { message } = interaction;
  const written = [
    message?.text,
    message?.name,
    message?.via?.label,
    ...(message?.fields ?? []).map(({ value }) => value),
  ];
  const words = [interaction.subject, interaction.agentName, interaction.queue, ...written.map((one) => one ?? null)];
  return [...words, ...notes.map((note) => note.text)].some(says);
}
