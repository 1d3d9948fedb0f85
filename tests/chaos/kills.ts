import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type DeskStore, openStore } from '../../src/main/db/open.ts';
import { temporaryFolder } from '../fakes/desk.ts';
import { seededRandom } from '../fakes/sim-clock.ts';

const KEY = 'ab'.repeat(32);
const CUSTOMER = '0193d000-0000-7000-8000-000000000001';
/** How long it writes before the kill comes, at most. */
const LIVES_MS = 150;

export interface KillResult {
  kills: number;
  saved: number;
  typed: number;
  failures: string[];
}

/**
 * Kills a writing desk (SIGKILL) again and again on one folder. After each kill the folder opens by itself, whole, with every
 * note that was called saved and every draft as far as it was called kept.
 */
export async function killWriter(kills: number, seed: number): Promise<KillResult> {
  const { folder, remove } = temporaryFolder();
  const random = seededRandom(seed);
  const result: KillResult = { kills: 0, saved: 0, typed: 0, failures: [] };
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const said = await writeUntilKilled(folder, random() * LIVES_MS);
      result.kills += 1;
      const store = openStore({ folder, dataKey: KEY, mayUseKeyFile: false, now: Date.now, log: () => {} });
      try {
        result.failures.push(...missing(store, said, result).map((what) => `kill ${kill} of seed ${seed}: ${what}`));
      } finally {
        store.close();
      }
      if (result.failures.length > 0) break;
    }
  } finally {
    remove();
  }
  return result;
}

/** What it said before it died. A pipe keeps what was written to it, whatever becomes of the writer. */
function writeUntilKilled(folder: string, afterMs: number): Promise<string[]> {
  const entry = fileURLToPath(new URL('./note-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, folder, KEY, CUSTOMER], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  let begun = false;
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (!begun) setTimeout(() => child.kill('SIGKILL'), afterMs);
    begun = true;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(said.split('\n').slice(0, -1));
      else reject(new Error(`the writer ended by itself with ${signal ?? code}`));
    });
  });
}

function missing({ outbox, status }: DeskStore, said: readonly string[], result: KillResult): string[] {
  const saved = outbox.prepare(`SELECT count(*) AS n FROM operation WHERE row_id = ? AND kind = 'note.save'`);
  const draft = outbox.prepare('SELECT revision FROM draft WHERE note_id = ?');
  const typed = new Map<string, number>();
  const failures: string[] = status.outbox === 'encrypted' ? [] : [`the outbox is ${status.outbox}`];
  for (const line of said) {
    const [what, noteId = '', revision] = line.split(' ');
    if (what === 'typed') typed.set(noteId, Number(revision));
    if (what === 'typed') result.typed += 1;
    if (what !== 'saved') continue;
    typed.delete(noteId);
    result.saved += 1;
    const { n } = saved.get(noteId) as { n: number };
    if (n !== 1) failures.push(`note ${noteId} is there ${n} times`);
  }
  for (const [noteId, revision] of typed) {
    const kept = draft.get(noteId) as { revision: number } | undefined;
    const { n } = saved.get(noteId) as { n: number };
    if (n === 0 && (kept?.revision ?? 0) < revision)
      failures.push(`draft ${noteId} is at ${kept?.revision}, not ${revision}`);
  }
  const holes = outbox.prepare('SELECT next_seq - 1 - (SELECT count(*) FROM operation) AS n FROM device').get() as
    | { n: number }
    | undefined;
  if (holes && holes.n !== 0) failures.push(`${holes.n} numbers without an operation`);
  return failures;
}
