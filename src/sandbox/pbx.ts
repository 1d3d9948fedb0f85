import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { readPhoneNumber } from '../shared/phone-number.ts';
import { type AcdQueue, createAcdQueue } from './acd-queue.ts';
import { createEcho } from './media/speaker.ts';
import { letSpeak, type PracticeCallView, speakerOf } from './practice-calls.ts';
import type { Scenario } from './scenario.ts';
import {
  type DeskCall,
  type DeskCallEvents,
  type IncomingDeskCall,
  receiveDeskCall,
  ringDesk,
} from './sip/desk-call.ts';
import { createSipServer } from './sip/sip-server.ts';

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
}

export type StartResult =
  | { ok: true; practiceCallId: string }
  | { ok: false; why: 'unknown' | 'not-registered' | 'busy' };

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

/** Dialled from a desk: what the training room's wall says. */
export const TEST_NUMBERS = { echo: '600', busy: '601', noAnswer: '602' } as const;

const TIMING: PbxTiming = { queueRingMs: 15_000, queueRestMs: 3000, answerAfterMs: 2500 };
/** Ended calls can be asked about for a while. */
const KEPT_CALLS = 200;

interface PracticeCall {
  id: string;
  scenario: Scenario | null;
  sipUsername: string | null;
  call: DeskCall | null;
  leaveQueue: (() => void) | null;
  over: boolean;
  linesSaid: () => number;
}

export function createPbx(options: PbxOptions): Pbx {
  const timing = { ...TIMING, ...options.timing };
  const calls = new Map<string, PracticeCall>();
  const server = createSipServer({
    ...options,
    now: Date.now,
    onInvite: (account, request) => {
      const record = remember(calls, { scenario: null, sipUsername: account });
      const user = String(request.message.ruri?.user ?? '');
      const call = receiveDeskCall(account, request, { ended: () => finish(record) });
      record.call = call;
      answerDesk(record, call, user, options.scenarios, timing).catch(() => call.hangUp());
    },
    registrationChanged: (account, registered) => {
      options.log('pbx.registration', { account, registered });
      // Not from within the REGISTER: the desk must see its 200 before an INVITE.
      setImmediate(() => queue.poke());
    },
  });
  const busy = (account: string) =>
    [...calls.values()].some((record) => record.call?.account === account && record.call.phase() !== 'ended');
  const ring = (scenario: Scenario, account: string, events: DeskCallEvents): DeskCall | null => {
    const binding = server.registrar.find(account);
    if (!binding) return null;
    const { number, display, customerRef } = scenario.caller;
    const headers = { number, display, customerRef, queue: scenario.queue, uniqueId: randomUUID() };
    return ringDesk(binding, headers, events);
  };
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
      const record = remember(calls, { scenario, sipUsername });
      const ringWith = (account: string, events: DeskCallEvents) => ring(scenario, account, events);
      if (scenario.route === 'queue') enterQueue(record, scenario, queue, ringWith);
      else ringDirectly(record, scenario, (events) => ringWith(sipUsername, events));
      return { ok: true, practiceCallId: record.id };
    },
    view: (id) => {
      const record = calls.get(id);
      return record ? viewOf(record) : null;
    },
    calls: () => [...calls.values()].map(viewOf),
    end: (id) => {
      const record = calls.get(id);
      if (!record) return false;
      record.leaveQueue?.();
      record.call?.hangUp();
      return true;
    },
    close: () => {
      queue.close();
      for (const record of calls.values()) record.call?.hangUp();
      server.close();
    },
  };
}

function remember(
  calls: Map<string, PracticeCall>,
  known: Pick<PracticeCall, 'scenario' | 'sipUsername'>,
): PracticeCall {
  const record: PracticeCall = {
    id: randomUUID(),
    ...known,
    call: null,
    leaveQueue: null,
    over: false,
    linesSaid: () => 0,
  };
  calls.set(record.id, record);
  for (const [id, old] of calls) {
    if (calls.size <= KEPT_CALLS) break;
    if (old.over) calls.delete(id);
  }
  return record;
}

function finish(record: PracticeCall): void {
  record.over = true;
}

function ringDirectly(
  record: PracticeCall,
  scenario: Scenario,
  ring: (events: DeskCallEvents) => DeskCall | null,
): void {
  const patience = setTimeout(() => record.call?.hangUp(), scenario.patienceSeconds * 1000);
  let answered = false;
  record.call = ring({
    phase: (phase) => {
      // Also after each hold.
      if (phase !== 'talking' || answered) return;
      answered = true;
      clearTimeout(patience);
      talk(record, scenario);
    },
    ended: () => {
      clearTimeout(patience);
      finish(record);
    },
  });
  if (record.call) return;
  clearTimeout(patience);
  finish(record);
}

function enterQueue(
  record: PracticeCall,
  scenario: Scenario,
  queue: AcdQueue,
  ring: (account: string, events: DeskCallEvents) => DeskCall | null,
): void {
  const ticket = queue.enter({
    prefer: record.sipUsername,
    patienceMs: scenario.patienceSeconds * 1000,
    ring,
    ringing: (call) => {
      record.call = call;
    },
    answered: () => {
      record.leaveQueue = null;
      talk(record, scenario);
    },
    ended: () => finish(record),
    abandoned: () => finish(record),
  });
  if (!record.over && record.call?.phase() !== 'talking') record.leaveQueue = ticket.leave;
}

function talk(record: PracticeCall, scenario: Scenario): void {
  const { call } = record;
  if (!call) return;
  speakerOf(scenario).then(
    (speaker) => {
      record.linesSaid = speaker.said;
      letSpeak(call, speaker);
    },
    () => call.hangUp(),
  );
}

/** A desk dialled: somebody of a scenario, a test number, or nobody. */
async function answerDesk(
  record: PracticeCall,
  call: IncomingDeskCall,
  user: string,
  scenarios: readonly Scenario[],
  timing: PbxTiming,
): Promise<void> {
  if (user === TEST_NUMBERS.busy) return call.refuse(486);
  if (user === TEST_NUMBERS.noAnswer) return call.ring();
  const scenario = scenarios.find((one) => one.caller.number !== null && sameNumber(one.caller.number, user)) ?? null;
  if (!scenario && user !== TEST_NUMBERS.echo) return call.refuse(404);
  record.scenario = scenario;
  call.ring();
  if (scenario) await new Promise((resolve) => setTimeout(resolve, timing.answerAfterMs));
  if (call.phase() === 'ended') return;
  await call.answer();
  if (call.phase() === 'ended') return;
  if (scenario) talk(record, scenario);
  else letSpeak(call, createEcho());
}

function sameNumber(a: string, b: string): boolean {
  const e164 = readPhoneNumber(a).e164;
  return e164 !== null && e164 === readPhoneNumber(b).e164;
}

function viewOf(record: PracticeCall): PracticeCallView {
  const end = record.call?.end() ?? null;
  return {
    practiceCallId: record.id,
    scenarioId: record.scenario?.id ?? null,
    sipUsername: record.call?.account ?? record.sipUsername,
    state: record.over ? 'ended' : record.call && record.call.phase() !== 'ended' ? record.call.phase() : 'waiting',
    endedBy: end?.by ?? null,
    status: end?.status ?? null,
    linesSaid: record.linesSaid(),
    media: record.call?.media.stats() ?? null,
  };
}
