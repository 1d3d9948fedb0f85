// A note: from "save" to "saved here" and to "at the centre", over the browser shell's wire, with the practice centre on loopback.

import { newId } from '../../src/shared/ids.ts';
import { startCallCentre } from '../fakes/call-centre.ts';
import { hostStart, openSocketDesk, temporaryFolder } from '../fakes/desk.ts';
import { reportSpread } from './lib/figures.ts';

const NOTES = 200;

const { folder, remove } = temporaryFolder();
const centre = await startCallCentre({ customers: 100, demoLogin: null });
const desk = await openSocketDesk(hostStart(folder, centre.centralUrl, { demoLogin: 'agent2' }));
try {
  const events = await desk.api.host.events({});
  const marks = new Map<string, () => void>();
  let loaded: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    loaded = resolve;
  });
  const listening = (async () => {
    for await (const event of events) {
      if (event.type === 'note_mark' && event.mark === 'centre') marks.get(event.noteId)?.();
      if (event.type === 'sync' && event.status.phase === 'idle' && event.status.lastContactAt) loaded();
    }
  })();
  // The stream breaks when the desk is closed at the end.
  listening.catch(() => undefined);
  await ready;
  const [customer] = (await desk.api.customer.search({ text: 'C-100001' })).candidates;
  const here: number[] = [];
  const there: number[] = [];
  for (let index = 0; index < NOTES; index += 1) {
    const noteId = newId();
    const confirmed = new Promise<void>((resolve) => marks.set(noteId, resolve));
    const begun = performance.now();
    await desk.api.note.save({ noteId, callId: null, customerId: customer?.id ?? null, text: `다시 전화 ${index}` });
    here.push(performance.now() - begun);
    await confirmed;
    there.push(performance.now() - begun);
  }
  reportSpread('Save of a note to "saved here"', here, { p95: 20 });
  reportSpread('Save of a note to "at the centre"', there, { p95: 200 });
} finally {
  await desk.close();
  await centre.stop();
  remove();
}
process.exit(0);
