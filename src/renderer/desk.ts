import type { StoreApi } from 'zustand/vanilla';
import { createAutoAnswer, isSomebodyThere } from './auto-answer.ts';
import { createCallJournal } from './call-journal.ts';
import { connectStores } from './desk-connect.ts';
import type { DeskParts } from './desk-parts.ts';
import { readEverything, readPanesAgain } from './desk-reading.ts';
import { agentOf } from './desk-session.ts';
import { soundFor } from './desk-sound.ts';
import { proposeDisposition, type SaveResult, saveWork } from './desk-work.ts';
import { showHanded } from './handed-over.ts';
import type { ConnectionState, DeskApi } from './host-client.ts';
import { createKeptCalls, type KeptCalls } from './kept-calls.ts';
import { createPhoneNews } from './phone-news.ts';
import { createReplayQueue, type ReplayQueue } from './replay-queue.ts';
import { endConsult } from './screens/call/handover.ts';
import { createShellLink, type ShellLink } from './shell-link.ts';
import type { DeskAudio } from './sound/desk-audio.ts';
import type { Ringer } from './sound/ringer.ts';
import { type ArticleDrafts, createArticleDrafts } from './stores/article-drafts.ts';
import { type CallStore, createCallStore, type DeskCall } from './stores/call-store.ts';
import { type CapsuleStore, createCapsuleStore } from './stores/capsule-store.ts';
import { type CompletionStore, createCompletionStore } from './stores/completion-store.ts';
import { type CustomerStore, createCustomerStore } from './stores/customer-store.ts';
import { createHeadsetStore, type HeadsetStore } from './stores/headset-store.ts';
import { createLedgerStore, type LedgerStore } from './stores/ledger-store.ts';
import { createNoteStore, type NoteStore } from './stores/note-store.ts';
import { createParkingStore, type ParkingStore } from './stores/parking-store.ts';
import { createPbxStore, type PbxStore } from './stores/pbx-store.ts';
import { createLineStore, type LineStore } from './stores/phone-store.ts';
import { createQualityStore, type QualityStore } from './stores/quality-store.ts';
import { createRecordingStore, type RecordingStore } from './stores/recording-store.ts';
import { createScreenStore, type ScreenStore } from './stores/screen-store.ts';
import { createScriptStore, type ScriptStore } from './stores/script-store.ts';
import { createSessionStore, type SessionStore } from './stores/session-store.ts';
import { createSettingsStore, type SettingsStore } from './stores/settings-store.ts';
import { createSyncStore, type SyncStore } from './stores/sync-store.ts';
import { callKey } from './work-keys.ts';

export type { DeskParts } from './desk-parts.ts';

/** The desk behind the screens: the stores, and what one of them tells another. */
export interface Desk {
  api: DeskApi;
  windowId: string;
  connection: StoreApi<ConnectionState>;
  session: SessionStore;
  settings: SettingsStore;
  sync: SyncStore;
  /** Whether others see this screen. */
  screen: ScreenStore;
  calls: CallStore;
  customers: CustomerStore;
  notes: NoteStore;
  line: LineStore;
  /** The agent at the PBX, where the centre hears it. */
  pbx: PbxStore;
  recordings: RecordingStore;
  quality: QualityStore;
  /** Customers who wait in the PBX's parking places. */
  parking: ParkingStore;
  /** What is owed to customers. */
  ledger: LedgerStore;
  /** Articles that are being written, by author and article. */
  articleDrafts: ArticleDrafts;
  /** Scripts that are gone through, in calls and outside of them. */
  scripts: ScriptStore;
  /** Calls that outlive this page. */
  kept: KeptCalls;
  /** What travels with transferred calls. */
  capsules: CapsuleStore;
  /** A customer who is being joined with a colleague. */
  completion: CompletionStore;
  audio: DeskAudio;
  headset: HeadsetStore;
  ringer: Ringer;
  shell: ShellLink;
  now: () => number;
  /** Acts that must reach the host as they were made, also when it dies on the way. */
  queue: ReplayQueue;
  /** Saves what is written, and in wrap-up with a chosen disposition ends it. Answers what happened. */
  saveWork: () => Promise<SaveResult>;
  start: () => void;
  /** The page goes away: what was typed is sent to the host, which ends the calls if no page comes back for them. */
  leave: () => void;
}

export function createDesk(parts: DeskParts): Desk {
  const { host, now } = parts;
  const { api } = host;
  const queue = createReplayQueue(host.whenUp);
  const notes = createNoteStore({ api, queue, now, windowId: parts.windowId });
  // What was typed goes to the host while it still knows whose it is.
  const session = createSessionStore(api, {
    beforeChange: () => {
      articleDrafts.flush();
      return notes.flushAll();
    },
  });
  const sitting = () => agentOf(session.store.getState().session);
  const articleDrafts = createArticleDrafts({ api, queue, sitting, log: parts.log });
  const settings = createSettingsStore(api, parts.systemLanguage);
  const sync = createSyncStore(api);
  const isLoading = () => sync.store.getState().status?.phase === 'bootstrapping';
  const customers = createCustomerStore({
    api,
    now,
    paint: parts.paint,
    inUse: parts.inUse,
    // Not everybody is on this desk: not yet, or by what the business lets desks hold.
    asksCentre: () => {
      const { session: now } = session.store.getState();
      const holds = now?.status === 'signed_in' ? (now.config?.deskHolds ?? 'all') : 'all';
      return holds !== 'all' || isLoading();
    },
    isLoading,
    mayPeek: () => !screen.store.getState().shared,
    onCustomer: (key, customerId) => {
      notes.tie(key, customerId);
      if (key.startsWith('call:')) calls.setCustomer(key.slice('call:'.length), customerId);
    },
  });
  const screen = createScreenStore({ api, queue, onShared: () => customers.maskAll(), log: parts.log });
  const journal = createCallJournal((snapshot) => {
    const lane = callKey(snapshot.callId);
    queue
      .send(lane, 'record', () => api.call.record({ ...snapshot, windowId: parts.windowId }))
      .catch((e: unknown) => parts.log('record_failed', { error: String(e) }));
  });
  const quality = createQualityStore();
  const calls = createCallStore({
    busy: parts.busy,
    paint: parts.paint,
    hasNote: (callId) => (notes.store.getState().slots[callKey(callId)]?.text ?? '').trim() !== '',
    forget: (callId) => line.phone()?.forget(callId),
    onRecord: (snapshot) => journal.write(recordings.withTimes(quality.withQuality(snapshot))),
    onArrive: (call) => arrive(call),
    customerOf: (callId) => kept.customerOf(callId),
    onIdentified: (call) => customers.identified(callKey(call.callId), { ...call, number: call.caller.number }),
  });
  const autoAnswer = createAutoAnswer({
    setting: () => settings.store.getState().settings.autoAnswer,
    phone: () => line.phone(),
    mayAnswer: () => isSomebodyThere(desk),
    tone: () => parts.ringer.knock(),
  });
  const news = createPhoneNews({
    isNew: (call) => calls.isNewRing(call) && kept.customerOf(call.callId) === null,
    lookUp: (call) => customers.askAhead(callKey(call.callId), { ...call, number: call.caller.number }),
    show: (state) => {
      calls.phoneChanged(state);
      autoAnswer(state);
      soundFor(calls, parts.ringer);
    },
    soon: parts.soon,
  });
  const line = createLineStore({
    api,
    createPhone: (options) => parts.createPhone({ ...options, onQuality: quality.take }),
    media: parts.audio,
    windowId: parts.windowId,
    now,
    log: parts.log,
    later: parts.later,
    onPhone: (state) => news.take(state),
    onPhoneGone: () => {
      news.flush();
      calls.phoneGone(now());
      parts.ringer.stop();
    },
  });
  const kept = createKeptCalls({
    api,
    windowId: parts.windowId,
    phone: line.phone,
    customerOf: (callId) => calls.store.getState().calls.find((call) => call.callId === callId)?.customerId ?? null,
    connected: () => host.connection.getState().status === 'up',
    log: parts.log,
  });
  const pbx = createPbxStore({
    api,
    line: { setWish: line.setWish, setStayOnBreak: line.setStayOnBreak, wish: () => line.store.getState().wish },
    log: parts.log,
  });
  const recordings = createRecordingStore({
    api,
    sipCallId: (callId) => line.phone()?.sipCallId?.(callId) ?? null,
    now,
    onTimes: () => calls.recordAll(),
    later: parts.later ?? laterHere,
  });
  const capsules = createCapsuleStore({
    api,
    log: parts.log,
    storyOf: (callId) => ({
      customerId: calls.store.getState().calls.find((call) => call.callId === callId)?.customerId ?? null,
      note: notes.store.getState().slots[callKey(callId)]?.text ?? '',
    }),
    onCustomer: (callId, customerId) => void showHanded(desk, callId, customerId),
  });
  const arrive = (call: DeskCall) => {
    const key = callKey(call.callId);
    notes.open(key, { callId: call.callId, customerId: call.customerId });
    if (call.customerId) void customers.view(key, call.customerId, call.callId);
    else void customers.pop(key, { ...call, number: call.caller.number });
    if (call.live?.capsule) void capsules.open(call.callId, call.live.capsule);
  };

  const desk: Desk = {
    api,
    windowId: parts.windowId,
    connection: host.connection,
    session,
    settings,
    sync,
    screen,
    calls,
    customers,
    notes,
    line,
    pbx,
    recordings,
    quality,
    parking: createParkingStore({ api, line, calls, session, now }, parts.log),
    ledger: createLedgerStore(api),
    articleDrafts,
    scripts: createScriptStore({
      ...{ api, queue, windowId: parts.windowId },
      callOf: (callId) => calls.store.getState().calls.find((call) => call.callId === callId),
      propose: (callId, code) => proposeDisposition(desk, callId, code),
    }),
    kept,
    capsules,
    completion: createCompletionStore({ calls, capsules, line }),
    audio: parts.audio,
    headset: createHeadsetStore({ hid: parts.hid, calls, phone: line.phone, endConsult: (id) => endConsult(desk, id) }),
    ringer: parts.ringer,
    shell: createShellLink({
      shell: parts.shell,
      calls,
      now,
      connection: host.connection,
      settings: settings.store,
      askWhy: parts.askWhy,
      ringWords: (call) => {
        const words = parts.ringWords?.(call) ?? { title: 'Dangol', body: '' };
        return screen.store.getState().shared ? { ...words, body: '' } : words;
      },
      onResume: () => readPanesAgain(desk),
    }),
    now,
    queue,
    saveWork: () => saveWork(desk, (lane, run) => queue.send(lane, 'wrap_up', run)),
    start: () => {
      host.connection.subscribe((state, before) => {
        if (state.wires !== before.wires) void readEverything(desk, parts);
      });
      if (host.connection.getState().status === 'up') void readEverything(desk, parts);
      connectStores(desk, parts);
    },
    leave: () => {
      news.flush();
      void notes.flushAll();
      articleDrafts.flush();
      journal.flush();
      line.phone()?.abandon(kept.leave());
    },
  };
  return desk;
}

function laterHere(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
