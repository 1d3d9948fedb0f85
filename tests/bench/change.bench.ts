// A change on one desk until another desk shows it, over the practice centre on loopback; and a draft, from the keys to the disk.
// The limit of the first: the same note at the centre, which no second desk can be faster than.
import { loadavg } from 'node:os';
import { newId } from '../../src/shared/ids.ts';
import { startCallCentre } from '../fakes/call-centre.ts';
import { hostStart, openSocketDesk, type TestDesk, temporaryFolder, until } from '../fakes/desk.ts';
import { reportSpread } from './lib/figures.ts';

const CHANGES = 200;
const centre = await startCallCentre({ customers: 100, demoLogin: null });
const folders = [temporaryFolder(), temporaryFolder()] as const;
const open = (n: 0 | 1, demoLogin: string) =>
  openSocketDesk(hostStart(folders[n].folder, centre.centralUrl, { demoLogin }));
const one = await open(0, 'agent1');
const other = await open(1, 'agent2');

/** Resolves with the moment of the next event that fits. */
function listener(desk: TestDesk) {
  const waiting = new Map<string, (at: number) => void>();
  const listen = async () => {
    for await (const event of await desk.api.host.events({})) {
      if (event.type === 'note_mark' && event.mark === 'centre') waiting.get(event.noteId)?.(performance.now());
      if (event.type === 'customers_changed') for (const id of event.customerIds) waiting.get(id)?.(performance.now());
    }
  };
  // The stream breaks when the desk is closed at the end.
  listen().catch(() => undefined);
  return (key: string) => new Promise<number>((resolve) => waiting.set(key, resolve));
}

const full = async (desk: TestDesk) => {
  const { phase, lastContactAt } = await desk.api.sync.status({});
  return phase === 'idle' && lastContactAt !== null;
};
try {
  for (const desk of [one, other]) await until(() => full(desk), 'a desk that is full', 60_000);
  const { candidates } = await one.api.customer.search({ text: 'C-1000' });
  const [atOne, atOther] = [listener(one), listener(other)];
  const centreMs: number[] = [];
  const otherMs: number[] = [];
  const draftMs: number[] = [];
  for (let n = 0; n < CHANGES; n += 1) {
    const customerId = candidates[n % candidates.length]?.id ?? '';
    const noteId = newId();
    const text = `다시 전화 ${n}`;
    const drafted = performance.now();
    await one.api.note.draft({ noteId, callId: null, customerId, text, revision: 1 });
    draftMs.push(performance.now() - drafted);
    const [confirmed, shown] = [atOne(noteId), atOther(customerId)];
    const begun = performance.now();
    await one.api.note.save({ noteId, callId: null, customerId, text });
    centreMs.push((await confirmed) - begun);
    otherMs.push((await shown) - begun);
  }
  const note = `load average ${loadavg()[0]?.toFixed(1)}`;
  reportSpread('Draft sent to draft on the disk (the page waits 120 ms for more keys first)', draftMs, {
    p95: 130,
    note,
  });
  reportSpread('Note saved to note at the centre', centreMs, { note });
  reportSpread('Change on one desk to change told on another', otherMs, { p95: 200, note });
} finally {
  await one.close();
  await other.close();
  await centre.stop();
  for (const { remove } of folders) remove();
}
process.exit(0);
