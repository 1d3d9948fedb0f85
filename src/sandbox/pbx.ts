import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { type AcdQueue, createAcdQueue } from './acd-queue.ts';
import { type AnswerParts, answerDesk } from './answer-desk.ts';
import { type CallBook, createCallBook, type PracticeCall, type PracticeCallView } from './practice-calls.ts';
import type { Scenario } from './scenario.ts';
import type { CallerHeaders } from './sip/caller-headers.ts';
import { type DeskCall, type DeskCallEvents, receiveDeskCall, ringDesk } from './sip/desk-call.ts';
import { createSipServer } from './sip/sip-server.ts';
import { talk } from './talk.ts';
import { type TransferParts, transferCaller } from './transfer.ts';

export interface PbxOptions {
  realm: string;
  /** Signs the registrar's nonces. */
  secret: Buffer;
  passwordOf: (username: string) => string | null;
  scenarios: readonly Scenario[];
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
  timing?: Partial<PbxTiming>;
}

export interface PbxTiming {
  /** A queue call rings one desk so long. */
  queueRingMs: number;
  /** A desk that let a queue call ring is left alone so long. */
  queueRestMs: number;
  /** A simulated customer's phone rings so long before it is answered. */
  answerAfterMs: number;
  /** A transfer to a number where nobody answers fails after so long. */
  noAnswerAfterMs: number;
  /** No audio from a desk for so long ends its call. */
  rtpTimeoutMs: number;
}

type StartResult = { ok: true; practiceCallId: string } | { ok: false; why: 'unknown' | 'not-registered' | 'busy' };

export interface Pbx {
  /** Takes a WebSocket of the subprotocol "sip". */
  accept: (socket: WebSocket) => void;
  /** Accounts that can be rung now. */
  registered: () => string[];
  start: (scenarioId: string, sipUsername: string) => StartResult;
  view: (practiceCallId: string) => PracticeCallView | null;
  calls: () => PracticeCallView[];
  /** The caller hangs up, or leaves the queue. False when there is no such call. */
  end: (practiceCallId: string) => boolean;
  close: () => void;
}

const TIMING: PbxTiming = {
  queueRingMs: 15_000,
  queueRestMs: 3000,
  answerAfterMs: 2500,
  noAnswerAfterMs: 15_000,
  rtpTimeoutMs: 10_000,
};

export function createPbx(options: PbxOptions): Pbx {
  const timing = { ...TIMING, ...options.timing };
  const book = createCallBook();
  const server = createSipServer({
    ...options,
    now: Date.now,
    onInvite: (account, request) => {
      const replaces = request.message.getHeader('replaces');
      if (replaces !== undefined) {
        const [sipCallId] = replaces.split(';');
        // RFC 3891 section 3: only a dialog of the same desk; 481 where there is none.
        const left = book.living().find(({ call }) => call?.account === account && call.sipCallId() === sipCallId);
        if (left?.call) left.call.replace(request).catch(() => left.call?.hangUp());
        else request.reject({ statusCode: 481 });
        return;
      }
      const record = book.begin(null, account);
      const call = receiveDeskCall(account, request, {
        ended: () => {
          book.finish(record);
          record.partner?.call?.hangUp();
        },
        refer: (referral) => transferCaller(record, referral, transfers),
        rtpTimeoutMs: timing.rtpTimeoutMs,
      });
      record.call = call;
      const dialled = String(request.message.ruri?.user ?? '');
      answerDesk(record, call, dialled, { ...options, ...timing, isLine, ringColleague }).catch(() => call.hangUp());
    },
    registrationChanged: (account, registered) => {
      options.log('pbx.registration', { account, registered });
      // Not from within the REGISTER: the desk must see its 200 before an INVITE.
      setImmediate(() => queue.poke());
    },
  });
  const busy = (account: string) =>
    book.living().some(({ call }) => call?.account === account && call.phase() !== 'ended');
  const isLine = (account: string) => options.passwordOf(account) !== null;
  const ringAs = (account: string, caller: CallerHeaders, events: DeskCallEvents): DeskCall | null => {
    const binding = server.registrar.find(account);
    return binding ? ringDesk(binding, caller, { ...events, rtpTimeoutMs: timing.rtpTimeoutMs }) : null;
  };
  const ringColleague: AnswerParts['ringColleague'] = (account, from, events, more) => {
    const record = book.begin(null, account);
    const ended: DeskCallEvents['ended'] = (how) => {
      book.finish(record);
      events.ended?.(how);
    };
    const refer: DeskCallEvents['refer'] = (referral) => transferCaller(record, referral, transfers);
    const caller = { number: from, display: null, customerRef: null, queue: null, uniqueId: randomUUID(), more };
    record.call = ringAs(account, caller, { ...events, ended, refer });
    if (!record.call) book.finish(record);
    return record.call ? record : null;
  };
  const ring = (scenario: Scenario, account: string, events: DeskCallEvents, more: string[] = []): DeskCall | null => {
    const { number, display, customerRef } = scenario.caller;
    return ringAs(
      account,
      { number, display, customerRef, queue: scenario.queue, uniqueId: randomUUID(), more },
      events,
    );
  };
  const transfers: TransferParts = { book, scenarios: options.scenarios, isLine, ring, ...timing };
  const queue = createAcdQueue({
    free: () => server.registrar.accounts().filter((account) => !busy(account)),
    ringMs: timing.queueRingMs,
    restMs: timing.queueRestMs,
  });

  return {
    accept: server.accept,
    registered: server.registrar.accounts,
    start: (scenarioId, sipUsername) => {
      const scenario = options.scenarios.find((one) => one.id === scenarioId && one.direction === 'in');
      if (!scenario) return { ok: false, why: 'unknown' };
      if (!server.registrar.find(sipUsername)) return { ok: false, why: 'not-registered' };
      if (busy(sipUsername)) return { ok: false, why: 'busy' };
      const record = book.begin(scenario, sipUsername);
      const refer: DeskCallEvents['refer'] = (referral) => transferCaller(record, referral, transfers);
      const ringWith = (account: string, events: DeskCallEvents) => ring(scenario, account, { ...events, refer });
      if (scenario.route === 'queue') enterQueue(book, record, scenario, queue, ringWith);
      else ringDirectly(book, record, scenario, ringWith);
      return { ok: true, practiceCallId: record.id };
    },
    view: book.view,
    calls: book.views,
    end: (id) => {
      const record = book.find(id);
      record?.leaveQueue?.();
      record?.call?.hangUp();
      return book.view(id) !== null;
    },
    close: () => {
      queue.close();
      for (const record of book.living()) record.call?.hangUp();
      server.close();
    },
  };
}

type Ring = (account: string, events: DeskCallEvents) => DeskCall | null;

function ringDirectly(book: CallBook, record: PracticeCall, scenario: Scenario, ring: Ring): void {
  const patience = setTimeout(() => record.call?.hangUp(), scenario.patienceSeconds * 1000);
  let answered = false;
  const over = () => {
    clearTimeout(patience);
    book.finish(record);
  };
  record.call = ring(record.sipUsername, {
    phase: (phase) => {
      // Also after each hold.
      if (phase !== 'talking' || answered) return;
      answered = true;
      clearTimeout(patience);
      talk(record, scenario);
    },
    ended: over,
  });
  if (!record.call) over();
}

function enterQueue(book: CallBook, record: PracticeCall, scenario: Scenario, queue: AcdQueue, ring: Ring): void {
  let answered = false;
  const over = () => book.finish(record);
  const { leave } = queue.enter({
    prefer: record.sipUsername,
    patienceMs: scenario.patienceSeconds * 1000,
    ring,
    ringing: (call) => {
      record.call = call;
    },
    answered: () => {
      answered = true;
      record.leaveQueue = null;
      talk(record, scenario);
    },
    ended: over,
    abandoned: over,
  });
  if (!answered) record.leaveQueue = leave;
}
