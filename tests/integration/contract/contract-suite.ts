import { isDefinedError, ORPCError, safe } from '@orpc/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeptCall } from '../../../src/shared/call.ts';
import { CONTRACT_VERSION } from '../../../src/shared/contract.ts';
import { Customer360 } from '../../../src/shared/customer-360.ts';
import { ErrorData } from '../../../src/shared/errors.ts';
import type { HostEvent } from '../../../src/shared/host-types.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { HostStart } from '../../../src/shared/key-hand-over.ts';
import { hostStart, type TestDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { type HttpCentre, PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { callSnapshot, keptCall } from '../../fakes/kept-call.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

/** Opens a host and a client of its contract over the wire under test. */
export type OpenDesk = (start: HostStart) => Promise<TestDesk>;

/** The code of the typed error that a call ends with. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; data: ErrorData }> {
  const { error } = await safe(call);
  if (!(error instanceof ORPCError)) throw new Error(`expected a refusal, got ${error ?? 'an answer'}`);
  expect(isDefinedError(error), `${error.code} is an error of the contract`).toBe(true);
  return { code: error.code, data: ErrorData.parse(error.data) };
}

/** What every client of the contract is promised, whatever wire it speaks over. */
export function contractSuite(wire: string, openDesk: OpenDesk): void {
  describe(`the contract over ${wire}`, () => {
    let centre: HttpCentre;
    let desk: TestDesk;
    let remove: () => void;

    beforeEach(async () => {
      centre = await startHttpCentre(Date.now);
      const temporary = temporaryFolder();
      remove = temporary.remove;
      desk = await openDesk(hostStart(temporary.folder, centre.url));
    });

    afterEach(async () => {
      await desk.close();
      await centre.close();
      remove();
    });

    const signIn = async () => {
      await desk.api.session.signIn({ login: 'agent1', password: PASSWORD });
      await until(async () => (await desk.api.sync.status({})).phase === 'idle', 'the first bootstrap');
    };
    const ring = (phone: string | null, callId = newId()) =>
      desk.api.customer.open({ phone, callId, customerRef: null, direction: 'in' });

    test('says what it is before anybody signed in', async () => {
      const info = await desk.api.host.info({});
      expect(info.contractVersion).toBe(CONTRACT_VERSION);
      expect(info.store).toMatchObject({ cache: 'encrypted', outbox: 'encrypted' });
      expect(await desk.api.session.state({})).toMatchObject({ status: 'signed_out' });
      expect(await desk.api.session.demoLogins({})).toMatchObject({
        logins: [{ login: 'agent1' }, { login: 'agent2' }],
      });
    });

    test('refuses personal data to nobody in particular', async () => {
      expect(await refusalOf(ring(SAMPLE.gold.phone))).toMatchObject({ code: 'SIGNED_OUT', data: { next: 'sign-in' } });
    });

    test('answers input that does not fit with BAD_INPUT, which names the place and never the value', async () => {
      const wrong = { phone: 42, callId: 'secret-name', customerRef: null, direction: 'in' };
      const refusal = await refusalOf(desk.api.customer.open(wrong as never));
      expect(refusal).toMatchObject({ code: 'BAD_INPUT', data: { next: 'check-input' } });
      expect(refusal.data.detail).toContain('phone');
      expect(JSON.stringify(refusal)).not.toContain('secret-name');
    });

    test('answers an act that the contract does not have with BAD_INPUT, and goes on', async () => {
      const unknown = desk.api as unknown as { customer: { export: (input: object) => Promise<unknown> } };
      expect(await refusalOf(unknown.customer.export({}))).toMatchObject({ code: 'BAD_INPUT' });
      expect(await desk.api.session.state({})).toMatchObject({ status: 'signed_out' });
    });

    test('pops a known caller whole and masked', async () => {
      await signIn();
      const result = await ring('010-0000-1001');
      if (result.match !== 'one') throw new Error(`matched ${result.match}`);
      expect(() => Customer360.parse(result.view)).not.toThrow();
      expect(result.view.customer.name).toBe('김*수');
      expect(result.view.timeline).toHaveLength(20);
      expect(JSON.stringify(result)).not.toContain('00001001');
    });

    test('keeps a note here, then at the centre, and says so by events', async () => {
      await signIn();
      const noteId = newId();
      const marks: string[] = [];
      const abort = new AbortController();
      const events = await desk.api.host.events({}, { signal: abort.signal });
      const seen = (async () => {
        for await (const event of events) {
          if (event.type === 'note_mark' && event.noteId === noteId) marks.push(event.mark);
          if (marks.includes('centre')) return;
        }
      })();
      const note = { noteId, callId: null, customerId: SAMPLE.gold.id, text: '다시 전화하기로 함' };
      expect(await desk.api.note.save(note)).toEqual({ mark: 'here' });
      await seen;
      abort.abort();
      expect(marks).toEqual(['here', 'centre']);
      const { looseNotes } = await desk.api.customer.view({ customerId: SAMPLE.gold.id, callId: null, reread: true });
      expect(looseNotes).toMatchObject([{ id: noteId, text: note.text, mark: 'centre' }]);
    });

    test('frees the phone of a window that went away without a word', async () => {
      await signIn();
      const gone = newId();
      const next = newId();
      const life = new AbortController();
      const events = await desk.api.host.events({ windowId: gone }, { signal: life.signal });
      await events.next();
      expect(await desk.api.host.claimPhone({ windowId: gone, takeOver: false })).toEqual({ granted: true });
      expect(await desk.api.host.claimPhone({ windowId: next, takeOver: false })).toEqual({ granted: false });
      life.abort();
      await events.return?.();
      await expect.poll(() => desk.api.host.claimPhone({ windowId: next, takeOver: false })).toEqual({ granted: true });
      await desk.api.host.releasePhone({ windowId: next });
    });

    test('a call that a living window talks on is nobody else’s to restore, nor to end; when that window goes, it is', async () => {
      await signIn();
      const [talking, other] = [newId(), newId()];
      const life = new AbortController();
      const events = await desk.api.host.events({ windowId: talking }, { signal: life.signal });
      await events.next();
      const call = callSnapshot();
      await desk.api.call.record({ ...call, windowId: talking });
      const offered = async (windowId: string) => (await desk.api.call.restore({ windowId })).calls;
      expect(await offered(other)).toEqual([]);
      expect(await offered(talking)).toMatchObject([{ callId: call.callId }]);
      // What another window makes of it meanwhile changes nothing.
      const ended = { ...call, phase: 'wrap_up' as const, endedAt: call.startedAt, result: 'answered' as const };
      await desk.api.call.record({ ...ended, windowId: other });
      expect(await offered(talking)).toMatchObject([{ phase: 'talking' }]);
      life.abort();
      await events.return?.();
      await expect.poll(() => offered(other)).toMatchObject([{ callId: call.callId, phase: 'talking' }]);
    });

    test('a draft that a living window writes is not written by another one, which is told so; when it goes, it is', async () => {
      await signIn();
      const [writing, other] = [newId(), newId()];
      const life = new AbortController();
      const events = await desk.api.host.events({ windowId: writing }, { signal: life.signal });
      await events.next();
      const draft = { noteId: newId(), callId: null, customerId: SAMPLE.gold.id };
      const write = (text: string, revision: number, windowId?: string) =>
        desk.api.note.draft({ ...draft, text, revision, windowId });
      const kept = async () => (await desk.api.call.restore({})).drafts.map(({ text }) => text);
      expect(await write('요금', 6, writing)).toEqual({ revision: 6 });
      expect(await write('요금 이의', 9, other)).toEqual({ revision: 6, other: true });
      expect(await kept()).toEqual(['요금']);
      life.abort();
      await events.return?.();
      await expect.poll(() => write('요금 이의 신청', 10, other)).toEqual({ revision: 10 });
      // The same revision with another text, of whomever: it was not kept, and is not said to be.
      expect(await write('환불', 10)).toEqual({ revision: 10, other: true });
      expect(await write('요금 이의 신청', 10)).toEqual({ revision: 10 });
      expect(await kept()).toEqual(['요금 이의 신청']);
    });

    test('a call outlives its window: the next one of the same agent takes it up, and nobody else has it', async () => {
      await signIn();
      const [gone, next] = [newId(), newId()];
      // No such PBX: the host says that it could not end the call, and would not ring anybody for it.
      const call = keptCall({ server: 'ws://127.0.0.1:1/ws', customerId: SAMPLE.gold.id });
      const life = new AbortController();
      const events = await desk.api.host.events({ windowId: gone }, { signal: life.signal });
      await events.next();
      expect(await desk.api.call.keep({ windowId: gone, calls: [call] })).toEqual({ endable: false });
      expect(await desk.api.call.takeUp({ windowId: next })).toEqual({ calls: [] });
      life.abort();
      await events.return?.();
      const taken: KeptCall[] = [];
      await expect
        .poll(async () => taken.push(...(await desk.api.call.takeUp({ windowId: next })).calls))
        .toBeGreaterThan(0);
      expect(taken).toEqual([call]);
      expect(await desk.api.call.takeUp({ windowId: newId() })).toEqual({ calls: [] });
    });

    test('begins its events with what may be shown, the session and the sync status', async () => {
      const events = await desk.api.host.events({});
      const first: HostEvent[] = [];
      for await (const event of events) {
        first.push(event);
        if (first.length === 3) break;
      }
      expect(first.map((event) => event.type)).toEqual(['screen', 'session', 'sync']);
    });

    test('gives typed errors of the centre their next step', async () => {
      expect(await refusalOf(desk.api.session.signIn({ login: 'agent1', password: 'wrong' }))).toMatchObject({
        code: 'WRONG_PASSWORD',
        data: { next: 'check-input' },
      });
    });
  });
}
