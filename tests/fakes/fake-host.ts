import { implement, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { portWire, type Wire, type WireSource } from '../../src/renderer/host-client.ts';
import type { CallSnapshot, KeptCall } from '../../src/shared/call.ts';
import { CONTRACT_VERSION, contract } from '../../src/shared/contract.ts';
import type { LedgerItem } from '../../src/shared/contract-follow-up.ts';
import type { MergedHere, MergePreview, PerhapsSame } from '../../src/shared/contract-identity.ts';
import type { PeopleAround } from '../../src/shared/contract-people.ts';
import type { DisclosureView } from '../../src/shared/contract-privacy.ts';
import type { Customer360, CustomerOpenResult } from '../../src/shared/customer-360.ts';
import { settled, withField } from '../../src/shared/customer-edit.ts';
import type { ErrorCode, NextStep } from '../../src/shared/errors.ts';
import type { TeamHeldWork } from '../../src/shared/held-work.ts';
import type { HistoryPage, HistoryRequest } from '../../src/shared/history.ts';
import type {
  AttentionItem,
  DeskSettings,
  DialVerdict,
  Draft,
  HostEvent,
  PastCall,
  SessionState,
  StoreStatus,
  SyncPanel,
  SyncStatus,
  UnassignedNote,
} from '../../src/shared/host-types.ts';
import type { PbxAgent, RecordingState, RecordingWish, StateWish } from '../../src/shared/pbx.ts';
import type { TransferCapsule } from '../../src/shared/transfer-capsule.ts';
import {
  BREAK_REASONS,
  candidates,
  DISPOSITIONS,
  goldView,
  QUEUES,
  SCENARIOS,
  signedIn,
  TEXT_BLOCKS,
} from './desk-fixtures.ts';
import { type FakeKnowledge, knowledgeActs, sampleKnowledge } from './fake-knowledge.ts';
import { type FakeMessages, messageActs, noMessages } from './fake-messages.ts';
import { type FakeScripts, noScripts, scriptActs } from './fake-scripts.ts';
import { fakeSearch } from './fake-search.ts';
import { OWNERS } from './ledger-fixtures.ts';

/** What a fake host knows and was told. Tests and the gallery read and write it freely. */
export interface FakeHostState {
  session: SessionState;
  sync: SyncStatus;
  store: StoreStatus;
  settings: DeskSettings;
  screenShared: boolean;
  contractVersion: number;
  /** What the next customer.open answers. */
  open: CustomerOpenResult;
  views: Map<string, Customer360>;
  attention: AttentionItem[];
  /** What sync.resolve was told. */
  decisions: { opId: string; decision: string }[];
  /** What was asked of customer.update. */
  corrected: unknown[];
  panel: SyncPanel;
  /** null: whoever sits there leads no team. */
  teamHeld: TeamHeldWork | null;
  unassigned: UnassignedNote[];
  /** The whole text of a held-back note, by its operation. */
  heldTexts: Map<string, string>;
  verdict: DialVerdict;
  drafts: Map<string, Draft>;
  notes: Map<string, { callId: string | null; customerId: string | null; text: string }>;
  calls: CallSnapshot[];
  restoreCalls: CallSnapshot[];
  /** Which window journaled each call or draft: a living window's live calls are nobody else's. */
  windowOf: Map<string, string>;
  /** What the page keeps of its calls, and whether it is told that the host can end them. */
  keptCalls: readonly KeptCall[];
  endable: boolean;
  /** Calls of a page that is gone. */
  orphans: KeptCall[];
  history: PastCall[];
  capsules: TransferCapsule[];
  wrapUps: { callId: string; dispositionCode: string }[];
  peeks: string[];
  /** The calls in which they were made. */
  peekedIn: (string | null)[];
  created: string[];
  phoneHolder: string | null;
  /** Procedures by path that fail, and how. */
  failing: Map<string, { code: ErrorCode; next: NextStep; data?: Record<string, number> }>;
  /** Procedures by path that never answer. */
  silent: Set<string>;
  /** Procedures by path that answer only when this is kept. What they answer was decided before. */
  held: Map<string, Promise<void>>;
  /** What the centre tells of the PBX; null: nothing. */
  pbx: PbxAgent | null;
  stateWishes: StateWish[];
  /** Recordings of calls, by their Call-ID. */
  recordings: Map<string, RecordingState>;
  recordingWishes: RecordingWish[];
  /** What is older than the view. */
  older: (request: HistoryRequest) => HistoryPage;
  /** What the ledger says, and what was done to it. */
  ledger: LedgerItem[];
  followUps: { act: string; input: object }[];
  /** Who may be the same person, who was merged, and what was done about it. */
  identity: { same: PerhapsSame[]; merged: MergedHere[] };
  people: PeopleAround;
  /** null: nobody is known. */
  disclosure: DisclosureView | null;
  mergePreview: MergePreview | null;
  merges: { mergeId: string; customerId: string; goneId: string; take: string[] }[];
  unmerges: { mergeId: string; customerId: string }[];
  knowledge: FakeKnowledge;
  scripts: FakeScripts;
  messages: FakeMessages;
  splits: { fromId: string; name: string; contactPointIds: string[]; interactionIds: string[] }[];
  /** What the next customer.askCentre answers. */
  asked: CustomerOpenResult;
  /** Every call that arrived, by path. */
  heard: string[];
}

export interface FakeHost {
  state: FakeHostState;
  emit: (event: HostEvent) => void;
  /** Wires to this host for createHostClient. */
  wires: WireSource;
  /** The process dies: every wire closes. */
  kill: () => void;
  /**
   * A new process with the same data: a new wire is offered to every window.
   * @param window only to this one, in the order in which they came.
   */
  restart: (window?: number) => void;
}

export function createFakeHost(now: () => number = Date.now): FakeHost {
  const state = initialState(now());
  const streams = new Set<(event: HostEvent) => void>();
  const router = createRouter(state, streams, now);
  const handler = new RPCHandler(router);
  const ports = new Set<MessagePort>();
  const wires = new Set<Wire>();
  const windows: ((wire: Wire) => void)[] = [];

  const connect = (offer: (wire: Wire) => void) => {
    const { port1, port2 } = new MessageChannel();
    handler.upgrade(port1);
    port1.start();
    ports.add(port1);
    const wire = portWire(port2);
    wires.add(wire);
    offer(wire);
  };
  return {
    state,
    emit: (event) => {
      for (const stream of streams) stream(event);
    },
    wires: (onWire) => {
      windows.push(onWire);
      connect(onWire);
      return () => {
        windows.splice(windows.indexOf(onWire), 1);
      };
    },
    kill: () => {
      for (const port of ports) port.close();
      ports.clear();
      // Chromium's ports do not tell; here the death is seen at once.
      for (const wire of wires) wire.close();
      wires.clear();
      streams.clear();
      state.phoneHolder = null;
    },
    restart: (window) => {
      for (const [n, offer] of windows.entries()) if (window === undefined || window === n) connect(offer);
    },
  };
}

function initialState(now: number): FakeHostState {
  const view = goldView(now);
  return {
    session: signedIn(now),
    sync: {
      phase: 'idle',
      progress: null,
      pending: 0,
      attention: 0,
      lastContactAt: new Date(now).toISOString(),
      problem: null,
      nextTryAt: null,
      practiceStore: true,
    },
    store: { cache: 'encrypted', outbox: 'encrypted', keyStore: 'os', lostOperations: 0 },
    settings: {
      language: null,
      colorScheme: 'light',
      ringVolume: 0.7,
      microphone: null,
      speaker: null,
      ringDevice: null,
      noiseSuppression: true,
      echoCancellation: true,
      autoGain: true,
      autoAnswer: 'asked',
      dialKey: null,
      arrangements: {},
    },
    screenShared: false,
    contractVersion: CONTRACT_VERSION,
    open: { match: 'one', view, remembered: false, others: [] },
    views: new Map([[view.customer.id, view]]),
    knowledge: sampleKnowledge(now),
    scripts: noScripts(),
    messages: noMessages(),
    attention: [],
    decisions: [],
    corrected: [],
    panel: { waiting: [], lastTripMs: 320, customers: 5000 },
    teamHeld: null,
    heldTexts: new Map(),
    unassigned: [],
    verdict: { allowed: true, target: '+821000005678', emergency: false, overridden: [], doNotCall: false },
    drafts: new Map(),
    notes: new Map(),
    calls: [],
    restoreCalls: [],
    windowOf: new Map(),
    keptCalls: [],
    endable: true,
    orphans: [],
    history: [],
    capsules: [],
    wrapUps: [],
    peeks: [],
    peekedIn: [],
    created: [],
    phoneHolder: null,
    failing: new Map(),
    silent: new Set(),
    held: new Map(),
    asked: { match: 'none', asOf: null },
    pbx: null,
    stateWishes: [],
    recordings: new Map(),
    recordingWishes: [],
    older: () => ({ lines: [], next: null }),
    ledger: [],
    followUps: [],
    identity: { same: [], merged: [] },
    people: { relations: [], sharing: [], more: 0 },
    disclosure: null,
    mergePreview: null,
    merges: [],
    unmerges: [],
    splits: [],
    heard: [],
  };
}

const notThere = (): never => {
  throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
};

type Implementer = ReturnType<typeof implementerOf>;
const implementerOf = () => implement(contract).use(({ next }) => next());

function followUpActs(os: Implementer, state: FakeHostState) {
  const kept = (act: string) => (input: object) => {
    state.followUps.push({ act, input });
    return { mark: 'here' as const };
  };
  return {
    ledger: os.followUp.ledger.handler(() => ({ items: state.ledger, more: false })),
    owners: os.followUp.owners.handler(() => ({ owners: OWNERS })),
    promise: os.followUp.promise.handler(({ input }) => kept('promise')(input)),
    changePromise: os.followUp.changePromise.handler(({ input }) => kept('changePromise')(input)),
    openCase: os.followUp.openCase.handler(({ input }) => kept('openCase')(input)),
    changeCase: os.followUp.changeCase.handler(({ input }) => kept('changeCase')(input)),
  };
}

function createRouter(state: FakeHostState, streams: Set<(event: HostEvent) => void>, now: () => number) {
  const os = implement(contract).use(async ({ path, next }) => {
    const name = path.join('.');
    state.heard.push(name);
    if (state.silent.has(name)) await new Promise(() => undefined);
    const failure = state.failing.get(name);
    if (failure)
      throw new ORPCError(failure.code, {
        data: { next: failure.next, ...(failure.data ? { data: failure.data } : {}) },
      });
    const answer = await next();
    await state.held.get(name);
    return answer;
  });
  const viewOf = (customerId: string): Customer360 => {
    const view = state.views.get(customerId);
    if (!view) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
    return view;
  };
  return os.router({
    host: {
      info: os.host.info.handler(() => ({
        version: '0.1.0',
        contractVersion: state.contractVersion,
        store: state.store,
        settings: state.settings,
        screenShared: state.screenShared,
        startedAt: new Date(0).toISOString(),
      })),
      events: os.host.events.handler(async function* () {
        const waiting: HostEvent[] = [
          { type: 'screen', shared: state.screenShared },
          { type: 'session', session: state.session },
          { type: 'sync', status: state.sync },
          ...(state.pbx ? [{ type: 'pbx' as const, agent: state.pbx }] : []),
        ];
        let wake: () => void = () => undefined;
        const stream = (event: HostEvent) => {
          waiting.push(event);
          wake();
        };
        streams.add(stream);
        try {
          for (;;) {
            for (let event = waiting.shift(); event; event = waiting.shift()) yield event;
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        } finally {
          streams.delete(stream);
        }
      }),
      saveSettings: os.host.saveSettings.handler(({ input }) => {
        state.settings = { ...state.settings, ...input };
        return state.settings;
      }),
      shareScreen: os.host.shareScreen.handler(({ input }) => {
        state.screenShared = input.shared;
        return {};
      }),
      claimPhone: os.host.claimPhone.handler(({ input }) => {
        const holder = state.phoneHolder;
        if (holder !== null && holder !== input.windowId && !input.takeOver) return { granted: false };
        state.phoneHolder = input.windowId;
        return { granted: true };
      }),
      lineTrouble: os.host.lineTrouble.handler(() => ({ certificate: null })),
      releasePhone: os.host.releasePhone.handler(() => {
        state.phoneHolder = null;
        return {};
      }),
    },
    session: {
      state: os.session.state.handler(() => state.session),
      signIn: os.session.signIn.handler(({ input }) => {
        if (input.password !== 'right-password')
          throw new ORPCError('WRONG_PASSWORD', { data: { next: 'check-input' } });
        state.session = signedIn(now());
        return state.session;
      }),
      demoLogins: os.session.demoLogins.handler(() => ({
        logins: [
          { login: 'seoyeon', name: '이서연', role: 'agent' },
          { login: 'jimin', name: '박지민', role: 'telemarketer' },
        ],
      })),
      signInDemo: os.session.signInDemo.handler(() => {
        state.session = signedIn(now());
        return state.session;
      }),
      signOut: os.session.signOut.handler(({ input }) => {
        if (state.sync.pending > 0 && !input.keepUnsent) {
          throw new ORPCError('UNSENT_WORK', { data: { next: 'wait' } });
        }
        state.session = { status: 'signed_out', centralUrl: 'http://127.0.0.1:4701', practice: true };
        return state.session;
      }),
    },
    catalogue: {
      read: os.catalogue.read.handler(() => ({
        dispositions: DISPOSITIONS,
        breakReasons: BREAK_REASONS,
        queues: QUEUES,
        textBlocks: TEXT_BLOCKS,
      })),
    },
    customer: {
      open: os.customer.open.handler(() => state.open),
      view: os.customer.view.handler(({ input }) => viewOf(input.customerId)),
      peek: os.customer.peek.handler(({ input }) => {
        state.peeks.push(input.reason);
        state.peekedIn.push(input.callId ?? null);
        const view = viewOf(input.customerId);
        const name = view.customer.name.replace('*', '민');
        return { ...view, unmasked: true, customer: { ...view.customer, name } };
      }),
      pick: os.customer.pick.handler(({ input }) => viewOf(input.customerId)),
      create: os.customer.create.handler(({ input }) => {
        state.created.push(input.customerId);
        const base = goldView(now());
        const view: Customer360 = {
          ...base,
          mark: 'here',
          customer: { ...base.customer, id: input.customerId, name: input.name, kind: input.kind, tier: 'basic' },
          timeline: [],
          promises: [],
          reasons: [],
        };
        state.views.set(input.customerId, view);
        return view;
      }),
      history: os.customer.history.handler(({ input }) => state.older(input)),
      update: os.customer.update.handler(({ input }) => {
        state.corrected.push(input);
        const view = viewOf(input.customerId);
        const customer = input.changes.reduce((row, { field, value }) => withField(row, field, value), view.customer);
        state.views.set(input.customerId, { ...view, customer, mark: 'here' });
        return viewOf(input.customerId);
      }),
      settle: os.customer.settle.handler(({ input }) => {
        const view = viewOf(input.customerId);
        const other = view.customer.contested?.find((one) => one.field === input.field && one.at === input.at);
        if (!other) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
        const taken = input.take === 'other' ? withField(view.customer, input.field, other.value) : view.customer;
        state.views.set(input.customerId, {
          ...view,
          customer: settled(taken, input.field, other.since),
          mark: 'here',
        });
        return viewOf(input.customerId);
      }),
      askCentre: os.customer.askCentre.handler(() => state.asked),
      search: os.customer.search.handler(({ input }) => fakeSearch(input, now())),
    },
    call: {
      record: os.call.record.handler(({ input: { windowId, ...call } }) => {
        if (windowId) state.windowOf.set(call.callId, windowId);
        state.calls.push(call);
        return {};
      }),
      keep: os.call.keep.handler(({ input }) => {
        state.keptCalls = input.calls;
        return { endable: state.endable };
      }),
      takeUp: os.call.takeUp.handler(() => ({ calls: state.orphans.splice(0) })),
      history: os.call.history.handler(() => ({ calls: state.history })),
      restore: os.call.restore.handler(({ input: { windowId } }) => {
        const isOthers = (callId: string) => (state.windowOf.get(callId) ?? windowId) !== windowId;
        const calls = state.restoreCalls.filter(({ callId }) => !isOthers(callId));
        return { calls, drafts: [...state.drafts.values()] };
      }),
      assign: os.call.assign.handler(({ input }) => {
        state.unassigned = state.unassigned.filter((note) => note.callId !== input.callId);
        return {};
      }),
      wrapUp: os.call.wrapUp.handler(({ input }) => {
        state.wrapUps.push(input);
        return {};
      }),
    },
    followUp: followUpActs(os, state),
    knowledge: knowledgeActs(os, state, now),
    script: scriptActs(os, state, now),
    privacy: {
      read: os.privacy.read.handler(() => state.disclosure ?? notThere()),
      export: os.privacy.export.handler(() => notThere()),
      erase: os.privacy.erase.handler(() => ({ erasedRows: 41 })),
    },
    messages: messageActs(os, state),
    people: {
      of: os.people.of.handler(() => state.people),
      add: os.people.add.handler(({ input }) => {
        const [found] = candidates(Date.now()).filter(({ id }) => id === input.otherId);
        const one = { otherId: input.otherId, role: input.role, customer: found ?? null, mark: 'here' as const };
        state.people = { ...state.people, relations: [...state.people.relations, one] };
        return { mark: 'here' as const };
      }),
      remove: os.people.remove.handler(() => ({ mark: 'here' as const })),
    },
    identity: {
      of: os.identity.of.handler(() => state.identity),
      preview: os.identity.preview.handler(() => state.mergePreview ?? notThere()),
      merge: os.identity.merge.handler(({ input }) => {
        state.merges.push(input);
        return viewOf(input.customerId);
      }),
      split: os.identity.split.handler(({ input }) => {
        state.splits.push(input);
        return viewOf(input.fromId);
      }),
      unmerge: os.identity.unmerge.handler(({ input }) => {
        state.unmerges.push(input);
        return viewOf(input.customerId);
      }),
    },
    transfer: {
      seal: os.transfer.seal.handler(({ input }) => {
        state.capsules.push(input);
        return {};
      }),
      open: os.transfer.open.handler(({ input }) => {
        const kept = state.capsules.find((capsule) => capsule.id === input.id);
        if (!kept) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
        return { ...kept, fromName: '김하늘', at: new Date(now()).toISOString() };
      }),
    },
    note: {
      drafts: os.note.drafts.handler(() => ({
        drafts: [...state.drafts.values()]
          .filter((draft) => draft.text.trim() !== '')
          .map((draft) => ({ ...draft, at: new Date(now()).toISOString() })),
      })),
      draft: os.note.draft.handler(({ input: { windowId, ...draft } }) => {
        const before = state.drafts.get(draft.noteId);
        const other = (state.windowOf.get(draft.noteId) ?? windowId) !== windowId;
        if (before && other) return { revision: before.revision, other };
        if (!before || before.revision < draft.revision) state.drafts.set(draft.noteId, draft);
        if (windowId) state.windowOf.set(draft.noteId, windowId);
        return { revision: state.drafts.get(draft.noteId)?.revision ?? 0 };
      }),
      save: os.note.save.handler(({ input }) => {
        state.notes.set(input.noteId, input);
        state.drafts.delete(input.noteId);
        return { mark: 'here' as const };
      }),
      unassigned: os.note.unassigned.handler(() => ({ notes: state.unassigned })),
      discardDraft: os.note.discardDraft.handler(({ input }) => {
        state.drafts.delete(input.noteId);
        return {};
      }),
    },
    dial: { check: os.dial.check.handler(() => state.verdict) },
    sync: {
      status: os.sync.status.handler(() => state.sync),
      tryNow: os.sync.tryNow.handler(() => ({})),
      attention: os.sync.attention.handler(() => ({ items: state.attention, ofOthers: 0 })),
      panel: os.sync.panel.handler(() => state.panel),
      teamHeld: os.sync.teamHeld.handler(() => {
        if (!state.teamHeld) throw new ORPCError('FORBIDDEN', { data: { next: 'none' } });
        return state.teamHeld;
      }),
      heldText: os.sync.heldText.handler(({ input }) => ({ text: state.heldTexts.get(input.opId) ?? '' })),
      resolve: os.sync.resolve.handler(({ input }) => {
        state.decisions.push(input);
        state.attention =
          input.decision === 'keep'
            ? state.attention.map((item) => (item.opId === input.opId ? { ...item, kept: true } : item))
            : state.attention.filter((item) => item.opId !== input.opId);
        return {};
      }),
    },
    pbx: {
      setState: os.pbx.setState.handler(({ input }) => {
        state.stateWishes.push(input);
        if (!state.pbx) throw new ORPCError('PBX_UNREACHABLE', { data: { next: 'wait' } });
        state.pbx = obeyed(state.pbx, input, now());
        return state.pbx;
      }),
      recording: os.pbx.recording.handler(({ input: { sipCallId, act } }) => {
        state.recordingWishes.push({ sipCallId, act });
        const was = state.recordings.get(sipCallId);
        if (was === undefined) throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
        const next = ({ look: was, start: 'on', stop: 'off', pause: 'paused', resume: 'on' } as const)[act];
        state.recordings.set(sipCallId, next);
        const resumesAt = next === 'paused' ? new Date(now() + 120_000).toISOString() : null;
        return { sipCallId, state: next, resumesAt, asOf: new Date(now()).toISOString() };
      }),
    },
    practice: {
      scenarios: os.practice.scenarios.handler(() => ({ scenarios: SCENARIOS })),
      start: os.practice.start.handler(() => ({ practiceCallId: 'practice-1' })),
    },
  });
}

/** A PBX that does as it is asked. */
function obeyed(agent: PbxAgent, wish: StateWish, now: number): PbxAgent {
  const at = new Date(now).toISOString();
  const paused = wish.state !== 'available';
  const state =
    wish.state === 'wrap_up'
      ? ({ state: 'wrap_up', until: new Date(now + wish.seconds * 1000).toISOString() } as const)
      : wish;
  const seats = agent.seats.map((seat) => ({ ...seat, paused }));
  return { ...agent, seq: agent.seq + 1, state, since: at, asOf: at, changedBy: 'agent', seats };
}
