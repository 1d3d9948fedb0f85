// Where a start keeps its data, and what of it may be forgotten. Nothing that Dangol did not make is ever deleted.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, node24 } from './paths.mjs';
import { capture } from './run.mjs';
import { fail, say } from './say.mjs';

const MARKER = 'dangol-data.json';
/** What practice writes. `centres/` holds the desks of real centres and is no part of it. */
const PRACTICE = ['central', 'practice', 'desk', 'logs'];
const OURS = new Set([...PRACTICE, 'centres', 'run.json', MARKER]);

/** Ends the command unless the folder is new, empty, marked as ours, or holds nothing but what Dangol writes. */
export function refuseForeign(folder) {
  if (!existsSync(folder) || existsSync(join(folder, MARKER))) return;
  if (readdirSync(folder).every((name) => OURS.has(name))) return;
  fail(
    `${folder} is not a folder of Dangol: something else is in it. Nothing was changed.`,
    'Name an empty or a new folder with --data.',
  );
}

/** Makes the folder and marks it before anything else is written: only a marked one is ever emptied. */
export function prepareData(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const marker = join(folder, MARKER);
  if (existsSync(marker)) return;
  const text = { what: 'Data of Dangol. npm start -- --fresh deletes these folders beside it.', folders: PRACTICE };
  writeFileSync(marker, `${JSON.stringify(text, null, 2)}\n`, { mode: 0o600 });
}

/** The desk of one centre has a folder of its own: data of two centres, or of practice, never meets. */
export function homeOf(options) {
  if (!options.central) return options.data;
  const { host, pathname, protocol } = new URL(options.central);
  const path = pathname === '/' ? '' : pathname;
  const name = `${protocol === 'http:' && !isLoopback(options.central) ? 'http_' : ''}${host}${path}`;
  return join(options.data, 'centres', name.replaceAll(/[^A-Za-z0-9.-]+/g, '_'));
}

/** An address that never leaves this machine. */
export function isLoopback(address) {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** What this desk has written and no centre has: { operations, drafts }, or null where that cannot be read. */
async function countUnsent(deskFolder) {
  if (!existsSync(join(deskFolder, 'outbox.db'))) return { operations: 0, drafts: 0 };
  const entry = inRoot('src', 'main', 'count-unsent.ts');
  const { code, output } = await capture(node24(), ['--disable-warning=ExperimentalWarning', entry, deskFolder]);
  try {
    return code === 0 ? JSON.parse(output) : null;
  } catch {
    return null;
  }
}

/**
 * Forgets the practice call centre and its desk. Says what had not reached the practice centre; refuses where the desk's
 * folder was set up for a real centre (dangol.json) and holds work that may be nowhere else.
 */
export async function forgetPractice(folder) {
  const desk = join(folder, 'desk');
  const unsent = await countUnsent(desk);
  const count = unsent ? unsent.operations + unsent.drafts : null;
  if (existsSync(join(desk, 'dangol.json')) && count !== 0) {
    fail(
      `${desk} holds work that no centre has (${count ?? 'it cannot be read how much'}). Nothing was deleted.`,
      'Start that desk once more with its centre, so that it is sent; or move the folder away.',
    );
  }
  if (unsent?.drafts) say(`Forgotten with the practice data: ${plural(unsent.drafts, 'note')} being written.`);
  if (unsent?.operations) {
    say(
      `Forgotten with the practice data: ${plural(unsent.operations, 'act')} that had not reached the practice centre.`,
    );
  }
  for (const name of PRACTICE) rmSync(join(folder, name), { recursive: true, force: true });
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
