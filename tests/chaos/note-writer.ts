import { writeSync } from 'node:fs';
import { openStore } from '../../src/main/db/open.ts';
import type { HostContext } from '../../src/main/host-context.ts';
import { keepDraft, saveNote } from '../../src/main/notes.ts';
import { systemClock } from '../../src/main/system-clock.ts';
import { newId } from '../../src/shared/ids.ts';

/**
 * A desk's writing part alone, to be killed: types drafts and saves notes as fast as the disk takes them, and says each one on
 * stdout once the host would have said it to the page.
 *   node tests/chaos/note-writer.ts FOLDER KEY CUSTOMER
 */
const [folder = '', key = '', customerId = ''] = process.argv.slice(2);
const agent = { id: '00000000-0000-7000-8000-00000000a9e1', name: 'Agent' };
const store = openStore({ folder, dataKey: key, mayUseKeyFile: false, now: Date.now, log: () => {} });
const context: HostContext = {
  ...{ cache: store.cache, outbox: store.outbox, clock: systemClock() },
  ...{ log: () => {}, emit: () => {}, wake: () => {} },
  seat: {
    author: () => agent as ReturnType<HostContext['seat']['author']>,
    reader: () => agent as ReturnType<HostContext['seat']['reader']>,
    isLine: () => false,
    policy: () => null,
    country: () => 'KR',
  },
};
const say = (what: string) => writeSync(1, `${what}\n`);

say('ready');
for (;;) {
  const noteId = newId();
  const text = `메모 ${noteId} ${'가'.repeat(80)}`;
  for (let revision = 1; revision <= 3; revision += 1) {
    const draft = { noteId, callId: null, customerId, text: text.slice(0, 20 * revision), revision };
    keepDraft(context, draft);
    say(`typed ${noteId} ${revision}`);
  }
  saveNote(context, { noteId, callId: null, customerId, text });
  say(`saved ${noteId}`);
}
