import type { CallerIdentity, CallKeepsake } from '../shared/call.ts';
import type { SipAccount } from '../shared/central-api.ts';
import type { CallResult } from '../shared/interaction.ts';
import type { Judgement } from './quality.ts';

/** Where the line is with its registrar. `since` is epoch milliseconds of this state. */
export type RegistrationState =
  | { state: 'stopped' }
  | { state: 'connecting'; since: number; attempt: number }
  /** `backup`: at one of the account's backup servers. */
  | { state: 'registered'; since: number; expiresInSeconds: number; backup?: boolean }
  | { state: 'retrying'; since: number; attempt: number; nextTryInMs: number; reason: RegistrationProblem };
export type RegistrationProblem = 'unreachable' | 'wrong_password' | 'rejected' | 'timeout' | 'socket_lost';

/** Why a call is over. `by` tells whose act it was. */
export interface CallEnd {
  result: CallResult;
  by: 'here' | 'there' | 'network';
  sipStatus: number | null;
  /** Set where the PBX said that the customer was handed to somebody else: the target as it was asked for. */
  transferredTo?: string;
  /** Set where the PBX was handing them over and ended the call without a word of the outcome: they may have hung up. */
  transferAsked?: string;
}

/**
 * Handing a customer over. `asking`: REFER is on its way. `trying`: the PBX agreed and is calling the target. A transfer that
 * succeeds ends the call (`end.transferredTo`); `failed` leaves the customer where they were before.
 */
export interface CallTransfer {
  /** As it was asked for. */
  to: string;
  kind: 'blind' | 'attended';
  state: 'asking' | 'trying' | 'failed';
  /** What the PBX (`asking`) or the target (`trying`) refused with; null while it runs, and where nobody answered. */
  sipStatus: number | null;
}

/** Headers that ride on a transfer or a consultation: names `X-…`, values of visible ASCII; anything else is left out. */
export type TransferHeaders = Readonly<Record<string, string>>;

/**
 * What an extension does, as its PBX says (RFC 4235). `idle`: in no call; whether anybody sits there is not told.
 * `unknown`: no such extension, not allowed, or the PBX is away.
 */
export type Presence = 'idle' | 'ringing' | 'busy' | 'unknown';

/** The mailbox of this line (RFC 3842). */
export interface Voicemail {
  newMessages: number;
  oldMessages: number;
}

interface CallBase {
  /** UUIDv7, made when the INVITE arrives or is sent. */
  callId: string;
  direction: 'in' | 'out';
  caller: CallerIdentity;
  queue: string | null;
  customerRef: string | null;
  /** X-Dangol-Capsule of the INVITE: under which id the centre keeps the story of a transferred customer. */
  capsule: string | null;
  /** This call asks a colleague about that one (its callId); null for all others. */
  consultFor: string | null;
  /** Epoch ms. */
  startedAt: number;
}

/**
 * One call. The diagram stands above nextCall() in call-machine.ts.
 * `hold: 'holding' | 'resuming'` is the wish before the network agreed: never shown as done.
 */
export type PhoneCall =
  | (CallBase & {
      phase: 'ringing';
      /** The PBX asks the desk to answer by itself (Call-Info answer-after=0, Alert-Info alert-autoanswer). */
      autoAnswer: boolean;
    })
  | (CallBase & { phase: 'answering' })
  /** `waiting`: there is no line; an emergency call leaves with the next socket. */
  | (CallBase & { phase: 'dialling'; ringingThere: boolean; earlyMedia: boolean; waiting?: boolean })
  | (CallBase & {
      phase: 'talking';
      answeredAt: number;
      muted: boolean;
      hold: 'none' | 'holding' | 'held' | 'resuming';
      /** The last hold or resume that the network refused, for the screen to say so. */
      holdProblem: 'refused' | 'timeout' | null;
      media: 'connecting' | 'connected' | 'interrupted';
      transfer: CallTransfer | null;
      /** Joined with another call: all three hear each other, and this desk mixes. */
      conference: boolean;
    })
  | (CallBase & { phase: 'ended'; answeredAt: number | null; endedAt: number; end: CallEnd });

export interface PhoneState {
  registration: RegistrationState;
  /** Live calls in order of arrival; an ended call stays until forget(). */
  calls: readonly PhoneCall[];
  /** null: the PBX keeps no mailbox for this line, or has not told yet. */
  voicemail: Voicemail | null;
  /** Of the extensions that were given to watch(). */
  presence: Readonly<Record<string, Presence>>;
}

export interface PhoneOptions {
  account: SipAccount;
  /** ISO 3166-1 alpha-2: how caller numbers without a country code are read. */
  country: string;
  /** PCMU/opus audio of one shared microphone; asked for at the first call or by warmUp(). */
  media: PhoneMedia;
  /** How a talking call is heard, every 2 s. */
  onQuality?: (callId: string, judgement: Judgement) => void;
  /** Never receives numbers or credentials. */
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
}

/** What the phone needs from the page: given by the renderer, faked on the wire in tests. */
export interface PhoneMedia {
  /** The one long-lived microphone stream; rejects with the DOMException of getUserMedia. */
  microphone: () => Promise<MediaStream>;
  /** Where the other side is heard. Called with null when the call has no audio (any more). */
  play: (callId: string, remote: MediaStream | null) => void;
  /** Tells that microphone() gives another stream from now on: every live call sends from it. Returns the way to stop. */
  onMicrophone?: (listener: () => void) => () => void;
}

export interface Phone {
  /** Connects and registers; keeps trying for ever. */
  start: () => void;
  /**
   * Another window has this line, or gave it back: while it has, only the calls that are on go on here. Nothing rings, nothing is
   * registered, and stop() does not unregister: the binding at the PBX is that window's.
   */
  retire?: (retired: boolean) => void;
  /** Ends all calls, unregisters, closes the socket. */
  stop: () => Promise<void>;
  state: () => PhoneState;
  /** Called synchronously on every change, the INVITE's first paint included. Returns the way to stop listening. */
  subscribe: (listener: (state: PhoneState) => void) => () => void;
  /**
   * Places a call to a target that the gate allowed. Returns its callId at once. Without a socket it fails, but for emergency
   * numbers: they wait for one, registered or not, until they are hung up.
   */
  call: (target: string) => string;
  answer: (callId: string) => void;
  /** 486 to the caller; with `to`, 302: the PBX calls that number instead. */
  decline: (callId: string, options?: { to?: string }) => void;
  hangUp: (callId: string) => void;
  setMuted: (callId: string, muted: boolean) => void;
  hold: (callId: string) => void;
  resume: (callId: string) => void;
  /** RFC 4733 events, INFO where the other side or the account wants no events: 0-9 * # A-D, each of 100 ms unless told (40 to 1000). */
  sendDtmf: (callId: string, tones: string, milliseconds?: number) => void;
  /**
   * Hands the customer to `target` without asking (REFER, RFC 3515). One transfer of a call at a time; a second press does
   * nothing. The customer is never lost: the call ends here when the target has answered, else `transfer` says why not.
   */
  transfer: (callId: string, target: string, headers?: TransferHeaders) => void;
  /** Parks the customer and dials a colleague. The new call has `consultFor: callId`; hang it up to cancel. */
  consult: (callId: string, target: string, headers?: TransferHeaders) => string;
  /** Joins the customer with the colleague of consult() and leaves (REFER with Replaces, RFC 3891). */
  completeTransfer: (callId: string, consultCallId: string, headers?: TransferHeaders) => void;
  /** Takes both off hold and lets all three hear each other. Does nothing unless both are established. */
  conference: (callId: string, otherCallId: string) => void;
  /** Ends the mixing: the call that is longest established stays with the agent, the other is parked. */
  splitConference: () => void;
  /** The Call-ID on the wire, by which the PBX knows the call; null: there is no such call any more. */
  sipCallId?: (callId: string) => string | null;
  /** Whose presence is shown, from now on; at most 50 extensions. */
  watch: (extensions: readonly string[]) => void;
  /** Drops an ended call from the state. */
  forget: (callId: string) => void;
  /** Every call that another page could take up again. Changes with each hold, mute and dialog. */
  keepsakes?: () => readonly CallKeepsake[];
  /**
   * Takes up calls that the page before this one left: they are shown as talking at once, `media: 'interrupted'`, and replace
   * their old dialogs as soon as there is a line. One that the PBX refuses ends, here and there.
   */
  takeUp?: (keepsakes: readonly CallKeepsake[]) => void;
  /** BYE for every live call, for pagehide: synchronous, best effort. `kept`: callIds that the next page will take up. */
  abandon: (kept?: ReadonlySet<string>) => void;
}

export type CreatePhone = (options: PhoneOptions) => Phone;
