import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { CallSnapshot, KeptCall, OfWindow, WindowCalls } from './call.ts';
import { act, base, Nothing } from './contract-base.ts';
import { followUp } from './contract-follow-up.ts';
import { identity } from './contract-identity.ts';
import { knowledge } from './contract-knowledge.ts';
import { messages } from './contract-messages.ts';
import { people } from './contract-people.ts';
import { privacy } from './contract-privacy.ts';
import { script } from './contract-script.ts';
import { Choices, EditableField, FieldValue } from './customer.ts';
import { Customer360, CustomerOpenResult, Mark } from './customer-360.ts';
import { CustomerSearchRequest, CustomerSearchResult } from './customer-search.ts';
import { TeamHeldWork } from './held-work.ts';
import { HistoryPage, HistoryRequest } from './history.ts';
import {
  AttentionItem,
  CertificateTrouble,
  DeskSettings,
  DialVerdict,
  Draft,
  DraftAnswer,
  HostEvent,
  KeptDraft,
  PastCall,
  SessionState,
  StoreStatus,
  SyncPanel,
  SyncStatus,
  UnassignedNote,
} from './host-types.ts';
import { Id } from './ids.ts';
import { NOTE_MAX_LENGTH } from './interaction.ts';
import { CallRecording, PbxAgent, RecordingWish, StateWish } from './pbx.ts';
import { PracticeCallResponse, ScenarioList } from './practice.ts';
import { Instant, Language } from './text.ts';
import { TextBlock } from './text-block.ts';
import { OpenedCapsule, TransferCapsule } from './transfer-capsule.ts';
import { BreakReason, Disposition, Queue } from './work.ts';

/** Grows when a desk page and a host of different builds could misunderstand each other. */
export const CONTRACT_VERSION = 1;

const PhoneNumberText = z.string().max(64);

/**
 * Everything that crosses between a desk's page and its host, in both shells. Nothing else does.
 * Both sides parse both ways; a message that does not fit answers BAD_INPUT.
 */
export const contract = {
  host: {
    info: act(
      Nothing,
      z.object({
        version: z.string(),
        contractVersion: z.int(),
        store: StoreStatus,
        settings: DeskSettings,
        /** Others see this screen: personal data is hidden. */
        screenShared: z.boolean(),
        /** The host's own start: another value after a reconnect means that the host was restarted. */
        startedAt: z.string(),
      }),
    ),
    /**
     * All events from now on, the current session and sync status first. Ends when the host does. It is also the window's sign
     * of life: when it ends, the phone that this window held is free.
     */
    events: base.input(z.object({ windowId: Id.optional() })).output(eventIterator(HostEvent)),
    saveSettings: act(DeskSettings.partial(), DeskSettings),
    /** Others see this screen, or no longer: kept over reloads, logged, told to every window. Until then nothing is unmasked. */
    shareScreen: act(z.object({ shared: z.boolean() }), Nothing),
    /** Claims the phone of this login for one window; with `takeOver` the holder is told and loses it. */
    claimPhone: act(z.object({ windowId: Id, takeOver: z.boolean() }), z.object({ granted: z.boolean() })),
    releasePhone: act(z.object({ windowId: Id }), Nothing),
    /** Asked while the PBX cannot be reached: the host looks at its certificate. */
    lineTrouble: act(Nothing, z.object({ certificate: CertificateTrouble.nullable() })),
  },
  session: {
    state: act(Nothing, SessionState),
    /** WRONG_PASSWORD, TOO_MANY_TRIES, CENTRE_UNREACHABLE, CENTRE_NONSENSE. */
    signIn: act(z.object({ login: z.string().min(1).max(100), password: z.string().min(1).max(200) }), SessionState),
    /** The demo agents of a practice centre: sign-in by one click. Empty elsewhere. */
    demoLogins: act(
      Nothing,
      z.object({ logins: z.array(z.object({ login: z.string(), name: z.string(), role: z.string() })) }),
    ),
    signInDemo: act(z.object({ login: z.string() }), SessionState),
    /** UNSENT_WORK unless `keepUnsent`: pending work stays on the desk and is pushed later. */
    signOut: act(z.object({ keepUnsent: z.boolean() }), SessionState),
  },
  catalogue: {
    /** Dispositions, break reasons, queues and text blocks from the local store. */
    read: act(
      Nothing,
      z.object({
        dispositions: z.array(Disposition),
        breakReasons: z.array(BreakReason),
        queues: z.array(Queue),
        textBlocks: z.array(TextBlock),
      }),
    ),
  },
  customer: {
    /** The pop: one local read. Writes the access entry. `phone` null: withheld. */
    open: act(
      z.object({
        phone: PhoneNumberText.nullable(),
        customerRef: z.string().max(100).nullable(),
        callId: Id,
        direction: z.enum(['in', 'out']),
      }),
      CustomerOpenResult,
    ),
    /** The same screen by id: chosen from search or read again (`reread`: no second entry for whom this agent opened). */
    view: act(z.object({ customerId: Id, callId: Id.nullable(), reread: z.boolean() }), Customer360),
    /** Unmasked for 30 s (the page masks again); the reason goes into the access log. */
    peek: act(
      z.object({
        customerId: Id,
        reason: z.string().trim().min(2).max(200),
        /** The call on screen, if any: it is no reason for itself. */
        callId: Id.nullable().optional(),
      }),
      Customer360,
    ),
    /** Which of several it is; remembered for the next call unless told otherwise. */
    pick: act(
      z.object({ phone: PhoneNumberText, customerId: Id, callId: Id.nullable(), remember: z.boolean() }),
      Customer360,
    ),
    /** Quick create from a call. The id is made by the page: a repeat is the same customer. */
    create: act(
      z.object({
        customerId: Id,
        name: z.string().trim().min(1).max(200),
        kind: z.enum(['person', 'company']),
        language: Language,
        phone: PhoneNumberText.nullable(),
        callId: Id.nullable(),
      }),
      Customer360,
    ),
    /**
     * Corrects facts; only those that are named. Of several choices `was` is what the page showed when the first was ticked, nothing
     * where they were masked: what stands there beyond it stays. NOT_FOUND for somebody who is not on this desk.
     */
    update: act(
      z.object({
        customerId: Id,
        changes: z
          .array(z.object({ field: EditableField, value: FieldValue, was: Choices.optional() }))
          .min(1)
          .max(20),
      }),
      Customer360,
    ),
    /** Decides between the two values of a contested field; `at` is the entry's. NOT_FOUND: somebody did meanwhile. */
    settle: act(
      z.object({ customerId: Id, field: EditableField, at: Instant, take: z.enum(['other', 'current']) }),
      Customer360,
    ),
    /** The history beyond the last 20, page by page, filtered and searched; masked. NOT_FOUND for somebody who is not on this desk. */
    history: act(HistoryRequest, HistoryPage),
    /** Asks the centre for a caller who is not on this desk. CENTRE_UNREACHABLE when it does not answer in 5 s. */
    askCentre: act(z.object({ phone: PhoneNumberText, callId: Id.nullable() }), CustomerOpenResult),
    /**
     * By name, 초성, two syllables, last digits of a number, customer number, own fields. At most 20, pending rows included. BAD_INPUT:
     * narrowed by a field that customers are not found by.
     */
    search: act(CustomerSearchRequest, CustomerSearchResult),
  },
  call: {
    /** Journals a transition. Durable before it answers. The interaction at the centre is made from this. */
    record: act(CallSnapshot.extend(OfWindow.shape), Nothing),
    /** What was going on when the page went away, but not what another living window talks on; every draft of this agent. */
    restore: act(OfWindow, z.object({ calls: z.array(CallSnapshot), drafts: z.array(Draft) })),
    /** This window's established calls, all of them, each time one changes: see WindowCalls. */
    keep: act(WindowCalls, z.object({ endable: z.boolean() })),
    /** The calls of this agent whose page is gone: this window's from now on. They end if keep() does not name them soon. */
    takeUp: act(z.object({ windowId: Id }), z.object({ calls: z.array(KeptCall) })),
    /** The agent's own last calls on this desk, the latest first; numbers and names are masked. */
    history: act(Nothing, z.object({ calls: z.array(PastCall).max(50) })),
    /** Says whose an earlier call of this agent was; its notes go along. NOT_FOUND, FORBIDDEN. */
    assign: act(z.object({ callId: Id, customerId: Id }), Nothing),
    /** Ends the wrap-up: the disposition, and the customer if that became clear only now. */
    wrapUp: act(
      z.object({
        callId: Id,
        customerId: Id.nullable(),
        dispositionCode: z.string().max(40),
        wrapUpSeconds: z.int().min(0),
      }),
      Nothing,
    ),
  },
  note: {
    /** The keystroke journal. Durable before it answers; an older revision is ignored. */
    draft: act(Draft.extend(OfWindow.shape), DraftAnswer),
    /** Every draft of this agent with something in it, the latest first: none is out of reach. */
    drafts: act(Nothing, z.object({ drafts: z.array(KeptDraft) })),
    /**
     * One durable commit: the operation is written and the draft removed. Same noteId again: same save. A note belongs to a
     * call, a customer or both: of nobody's no screen would show it.
     */
    save: act(
      z
        .object({
          noteId: Id,
          callId: Id.nullable(),
          customerId: Id.nullable(),
          text: z.string().trim().min(1).max(NOTE_MAX_LENGTH),
        })
        .refine((note) => note.callId !== null || note.customerId !== null),
      z.object({ mark: Mark }),
    ),
    /** This agent's saved notes of calls whose customer nobody has said yet. */
    unassigned: act(Nothing, z.object({ notes: z.array(UnassignedNote) })),
    discardDraft: act(z.object({ noteId: Id }), Nothing),
  },
  followUp,
  identity,
  knowledge,
  messages,
  people,
  privacy,
  script,
  transfer: {
    /** Leaves the story of a call at the centre for whoever gets the call. Waits 1.5 s at most. CENTRE_UNREACHABLE. */
    seal: act(TransferCapsule, Nothing),
    /** The story that came with a call; a look at its customer, logged. NOT_FOUND, CENTRE_UNREACHABLE. */
    open: act(z.object({ id: Id }), OpenedCapsule),
  },
  dial: {
    /** The one gate before any outgoing call. With `overrideReason`, overridable refusals are logged and passed. */
    check: act(
      z.object({
        number: PhoneNumberText,
        /**
         * The contact point to dial. Screens only have its masked writing (`number` is then that); the host takes the number from
         * its own row, so a call back needs no unmasking.
         */
        contactPointId: Id.nullable().optional(),
        /** An earlier call of this agent: its number is dialled, by the host's own record of it. */
        callId: Id.nullable().optional(),
        customerId: Id.nullable(),
        purpose: z.enum(['service', 'marketing']),
        overrideReason: z.string().trim().min(2).max(200).nullable(),
      }),
      DialVerdict,
    ),
  },
  sync: {
    status: act(Nothing, SyncStatus),
    tryNow: act(Nothing, Nothing),
    /** What waits here and how long the way takes; counted when asked. */
    panel: act(Nothing, SyncPanel),
    /** One's own held-back work; a supervisor's list has everybody's. `ofOthers`: how many more this desk holds for others. */
    attention: act(Nothing, z.object({ items: z.array(AttentionItem), ofOthers: z.int() })),
    /** The whole text of a held-back note. What another agent wrote is logged as a look. NOT_FOUND, FORBIDDEN. */
    heldText: act(z.object({ opId: Id }), z.object({ text: z.string() })),
    /** What waits on the desks of a supervisor's team, as those desks told the centre. FORBIDDEN, CENTRE_UNREACHABLE. */
    teamHeld: act(Nothing, TeamHeldWork),
    /**
     * 'retry' sends it again as a new operation (edited text for a note), 'discard' needs a reason, 'keep' leaves it as it is:
     * it is not lost and not counted.
     */
    resolve: act(
      z.discriminatedUnion('decision', [
        z.object({ opId: Id, decision: z.literal('retry'), text: z.string().max(NOTE_MAX_LENGTH).nullable() }),
        z.object({ opId: Id, decision: z.literal('keep') }),
        z.object({ opId: Id, decision: z.literal('discard'), reason: z.string().trim().min(2).max(200) }),
      ]),
      Nothing,
    ),
  },
  pbx: {
    /** Answers when the PBX has confirmed it. PBX_UNREACHABLE, CENTRE_UNREACHABLE: nothing was changed. */
    setState: act(StateWish, PbxAgent),
    /** The state that the PBX tells. Whoever gets an error for 'pause' knows: it is not paused. NOT_FOUND: no such call there. */
    recording: act(RecordingWish, CallRecording),
  },
  practice: {
    /** PRACTICE_UNAVAILABLE where the centre names no practice call centre. */
    scenarios: act(Nothing, ScenarioList),
    start: act(z.object({ scenarioId: z.string().max(60) }), PracticeCallResponse),
  },
};
export type DeskContract = typeof contract;
