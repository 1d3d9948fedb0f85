import { newId } from '../../src/shared/ids.ts';
import type {
  CallEnd,
  CreatePhone,
  Phone,
  PhoneCall,
  PhoneState,
  TransferHeaders,
} from '../../src/telephony/phone-types.ts';
import { keptCall } from './kept-call.ts';

/** A phone without a network: it does what it is told and remembers what was asked of it. */
export interface FakeLine {
  createPhone: CreatePhone;
  /** An INVITE arrives. Returns its callId. */
  ring: (call?: Partial<Extract<PhoneCall, { phase: 'ringing' }>>) => string;
  change: (callId: string, change: (call: PhoneCall) => PhoneCall) => void;
  talk: (callId: string, at?: number) => void;
  end: (callId: string, end?: Partial<CallEnd>) => void;
  /** The PBX tells of mailbox and extensions. */
  tell: (news: Partial<Pick<PhoneState, 'voicemail' | 'presence'>>) => void;
  setRegistration: (registration: PhoneState['registration']) => void;
  /** What travelled with each consultation and transfer. */
  headers: TransferHeaders[];
  /** What the desk asked for, e.g. 'answer <callId>'. */
  asked: string[];
  running: () => boolean;
  /** Another window has the line. */
  retired: () => boolean;
  /** The callIds that abandon() was told to leave alone; null: nobody said abandon. */
  leftAlone: () => string[] | null;
}

export function createFakeLine(now: () => number = Date.now, answersItself = true): FakeLine {
  let state = stopped();
  const listeners = new Set<(state: PhoneState) => void>();
  const asked: string[] = [];
  const headers: TransferHeaders[] = [];
  let running = false;
  let retired = false;
  let leftAlone: string[] | null = null;
  const set = (next: PhoneState) => {
    state = next;
    for (const listener of listeners) listener(state);
  };
  const change: FakeLine['change'] = (callId, how) =>
    set({ ...state, calls: state.calls.map((call) => (call.callId === callId ? how(call) : call)) });
  const talk: FakeLine['talk'] = (callId, at = now()) =>
    change(callId, (call) => ({
      ...base(call),
      phase: 'talking',
      answeredAt: at,
      muted: false,
      hold: 'none',
      holdProblem: null,
      media: 'connected',
      transfer: null,
      conference: false,
    }));
  const end: FakeLine['end'] = (callId, how = {}) =>
    change(callId, (call) => {
      const answeredAt = call.phase === 'talking' ? call.answeredAt : null;
      const result = answeredAt !== null ? 'answered' : call.direction === 'in' ? 'missed' : 'no_answer';
      return {
        ...base(call),
        phase: 'ended',
        answeredAt,
        endedAt: now(),
        end: { result, by: 'there', sipStatus: null, ...how },
      };
    });
  const set1 = (callId: string, part: Partial<Extract<PhoneCall, { phase: 'talking' }>>) =>
    change(callId, (call) => (call.phase === 'talking' ? { ...call, ...part } : call));

  const dial = (target: string, consultFor: string | null) => {
    const callId = newId();
    const caller = { number: target, e164: target, displayName: null, withheld: false, source: 'dialled' as const };
    const call: PhoneCall = {
      callId,
      direction: 'out',
      caller,
      queue: null,
      customerRef: null,
      capsule: null,
      consultFor,
      startedAt: now(),
      phase: 'dialling',
      ringingThere: true,
      earlyMedia: false,
    };
    set({ ...state, calls: [...state.calls, call] });
    return callId;
  };

  const phone: Phone = {
    start: () => {
      running = true;
      if (!retired) set({ ...state, registration: { state: 'registered', since: now(), expiresInSeconds: 120 } });
    },
    stop: async () => {
      running = false;
      state = stopped();
    },
    state: () => state,
    sipCallId: (callId) => `${callId}@wire`,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    call: (target) => {
      asked.push(`call ${target}`);
      return dial(target, null);
    },
    consult: (callId, target, sent = {}) => {
      headers.push(sent);
      asked.push(`consult ${callId} ${target}`);
      set1(callId, { hold: 'held' });
      return dial(target, callId);
    },
    transfer: (callId, target, sent = {}) => {
      headers.push(sent);
      asked.push(`transfer ${callId} ${target}`);
      set1(callId, { transfer: { to: target, kind: 'blind', state: 'asking', sipStatus: null } });
    },
    completeTransfer: (callId, consultCallId, sent = {}) => {
      headers.push(sent);
      asked.push(`completeTransfer ${callId} ${consultCallId}`);
      set1(callId, { transfer: { to: '', kind: 'attended', state: 'asking', sipStatus: null } });
    },
    conference: (callId, otherCallId) => {
      asked.push(`conference ${callId} ${otherCallId}`);
      for (const one of [callId, otherCallId]) set1(one, { hold: 'none', conference: true });
    },
    splitConference: () => {
      asked.push('splitConference');
      const [, ...parked] = state.calls.filter((call) => call.phase === 'talking' && call.conference);
      for (const { callId } of state.calls) set1(callId, { conference: false });
      for (const { callId } of parked) set1(callId, { hold: 'held' });
    },
    watch: (extensions) => {
      asked.push(`watch ${extensions.join(' ')}`);
      set({ ...state, presence: Object.fromEntries(extensions.map((one) => [one, 'unknown'])) });
    },
    answer: (callId) => {
      asked.push(`answer ${callId}`);
      change(callId, (call) => ({ ...base(call), phase: 'answering' }));
      if (answersItself) talk(callId);
    },
    decline: (callId, options = {}) => {
      asked.push(`decline ${callId}${options.to === undefined ? '' : ` ${options.to}`}`);
      end(callId, { result: 'declined', by: 'here' });
    },
    hangUp: (callId) => {
      asked.push(`hangUp ${callId}`);
      end(callId, { by: 'here' });
    },
    setMuted: (callId, muted) => set1(callId, { muted }),
    hold: (callId) => set1(callId, { hold: 'held' }),
    resume: (callId) => set1(callId, { hold: 'none' }),
    sendDtmf: (_callId, tones) => {
      asked.push(`dtmf ${tones}`);
    },
    forget: (callId) => {
      state = { ...state, calls: state.calls.filter((call) => call.callId !== callId) };
    },
    keepsakes: () =>
      state.calls.flatMap((call) => {
        if (call.phase !== 'talking') return [];
        const { muted, answeredAt } = call;
        const { customerId: _, ...kept } = keptCall({ ...base(call), muted, answeredAt, held: call.hold !== 'none' });
        return [{ ...kept, replaces: `${call.callId}@wire` }];
      }),
    takeUp: (calls) => {
      for (const call of calls) {
        asked.push(`takeUp ${call.callId}`);
        const taken: PhoneCall = { ...base({ ...call, phase: 'answering' }), phase: 'answering' };
        set({ ...state, calls: [...state.calls, taken] });
        talk(call.callId, call.answeredAt);
      }
    },
    retire: (is) => {
      if (retired && !is && running) {
        set({ ...state, registration: { state: 'registered', since: now(), expiresInSeconds: 120 } });
      }
      retired = is;
    },
    abandon: (kept = new Set()) => {
      asked.push('abandon');
      leftAlone = [...kept];
    },
  };
  return {
    createPhone: () => {
      retired = false;
      return phone;
    },
    ring: (call = {}) => {
      const callId = call.callId ?? newId();
      const ringing: PhoneCall = {
        callId,
        direction: 'in',
        caller: {
          number: '01000005678',
          e164: '+821000005678',
          displayName: null,
          withheld: false,
          source: 'p-asserted-identity',
        },
        queue: 'support',
        customerRef: null,
        capsule: null,
        consultFor: null,
        startedAt: now(),
        phase: 'ringing',
        autoAnswer: false,
        ...call,
      };
      set({ ...state, calls: [...state.calls, ringing] });
      return callId;
    },
    change,
    talk,
    end,
    tell: (news) => set({ ...state, ...news }),
    setRegistration: (registration) => set({ ...state, registration }),
    asked,
    headers,
    running: () => running,
    retired: () => retired,
    leftAlone: () => leftAlone,
  };
}

function base(call: PhoneCall) {
  const { callId, direction, caller, queue, customerRef, capsule, consultFor, startedAt } = call;
  return { callId, direction, caller, queue, customerRef, capsule, consultFor, startedAt };
}

function stopped(): PhoneState {
  return { registration: { state: 'stopped' }, calls: [], voicemail: null, presence: {} };
}
