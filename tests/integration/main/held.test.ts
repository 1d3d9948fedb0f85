import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostEvent } from '../../../src/shared/host-types.ts';
import { newId } from '../../../src/shared/ids.ts';
import { hostStart, openPortDesk, type TestDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { type HttpCentre, PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { refusalOf } from '../contract/contract-suite.ts';

let centre: HttpCentre;
let desk: TestDesk;
let remove: () => void;
let told: HostEvent[];
const stop = new AbortController();

beforeEach(async () => {
  centre = await startHttpCentre(Date.now);
  const home = temporaryFolder();
  remove = home.remove;
  desk = await openPortDesk(hostStart(home.folder, centre.url));
  await desk.api.session.signIn({ login: 'agent1', password: PASSWORD });
  await until(async () => (await status()).phase === 'idle', 'the first load');
  told = [];
  void listen().catch(() => undefined);
});
afterEach(async () => {
  await desk.close();
  await centre.close();
  remove();
});

async function listen(): Promise<void> {
  for await (const event of await desk.api.host.events({}, { signal: stop.signal })) told.push(event);
}
const status = () => desk.api.sync.status({});
/** A note about somebody whom the centre does not know: refused. */
async function refusedNote(text: string): Promise<string> {
  const before = centre.heldReport?.held.length ?? 0;
  await desk.api.note.save({ noteId: newId(), callId: null, customerId: newId(), text });
  await until(async () => (centre.heldReport?.held.length ?? 0) > before, 'the centre heard of it');
  return centre.heldReport?.held[0]?.opId ?? '';
}

test('only one’s own held-back work asks for attention; the centre hears of all of it, without a word of what was written', async () => {
  const opId = await refusedNote('모르는 고객에 대한 메모');
  expect(await status()).toMatchObject({ attention: 1, attentionOfOthers: 0 });
  expect(centre.heldReport?.held).toMatchObject([
    { opId, kind: 'note.save', code: 'UNKNOWN_CUSTOMER', reason: 'rejected' },
  ]);
  expect(JSON.stringify(centre.heldReport)).not.toContain('모르는');

  await desk.api.session.signOut({ keepUnsent: true });
  await desk.api.session.signIn({ login: 'agent2', password: PASSWORD });
  expect(await status()).toMatchObject({ attention: 0, attentionOfOthers: 1 });
  await until(
    async () => told.findLast((event) => event.type === 'sync')?.status.attention === 0,
    'the windows hear that it is not theirs',
  );
});

test('what was looked at and kept is not counted, stays in the list, and can still be sent again', async () => {
  const opId = await refusedNote('모르는 고객에 대한 메모');
  await desk.api.sync.resolve({ opId, decision: 'keep' });
  expect((await status()).attention).toBe(0);
  expect((await desk.api.sync.attention({})).items).toMatchObject([{ opId, kept: true }]);
  await until(
    async () => told.findLast((event) => event.type === 'sync')?.status.attention === 0,
    'the badge goes without a word from the centre',
  );
  await desk.api.sync.resolve({ opId, decision: 'retry', text: '고친 메모' });
  await until(async () => (await status()).attention === 1, 'the second refusal asks again');
  expect(centre.heldReport?.discarded).toEqual([]);
});

test('what was let go is told with its reason; a supervisor’s list is nothing for an agent', async () => {
  const opId = await refusedNote('모르는 고객에 대한 메모');
  await desk.api.sync.resolve({ opId, decision: 'discard', reason: '잘못 적음' });
  await until(async () => centre.heldReport?.held.length === 0, 'the centre heard of the decision');
  expect(centre.heldReport?.discarded).toMatchObject([{ opId, decision: '박상담: 잘못 적음' }]);
  expect(await refusalOf(desk.api.sync.teamHeld({}))).toMatchObject({ code: 'FORBIDDEN' });
});

test('the panel counts what waits by kind, says since when, and how long the last note took', async () => {
  const customerId = (await desk.api.customer.search({ text: '김' })).candidates[0]?.id ?? '';
  await desk.api.note.save({ noteId: newId(), callId: null, customerId, text: '보낸 메모' });
  await until(async () => (await desk.api.sync.panel({})).lastTripMs !== null, 'the note is at the centre');
  centre.mode = 'down';
  for (const text of ['하나', '둘']) await desk.api.note.save({ noteId: newId(), callId: null, customerId, text });
  const panel = await desk.api.sync.panel({});
  expect(panel.waiting).toMatchObject([{ kind: 'note.save', n: 2, ofOthers: 0 }]);
  expect(panel.customers).toBeGreaterThan(0);
  expect((await status()).caughtUpAt).not.toBeNull();
});
