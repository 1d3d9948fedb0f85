import type { CallerIdentity } from '../shared/call.ts';
import type { SipAccount } from '../shared/central-api.ts';
import type { CallResult } from '../shared/interaction.ts';

/** Where the line is with its registrar. `since` is epoch milliseconds of this state. */
export type RegistrationState =
  | { state: 'stopped' }
  | { state: 'connecting'; since: number; attempt: number }
  | { state: 'registered'; since: number; expiresInSeconds: number }
  | { state: 'retrying'; since: number; attempt: number; nextTryInMs: number; reason: RegistrationProblem };
export type RegistrationProblem = 'unreachable' | 'wrong_password' | 'rejected' | 'timeout' | 'socket_lost';

/** Why a call is over. `by` tells whose act it was. */
export interface CallEnd {
  result: CallResult;
  by: 'here' | 'there' | 'network';
  sipStatus: number | null;
}

interface CallBase {
  /** UUIDv7, made when the INVITE arrives or is sent. */
  callId: string;
  direction: 'in' | 'out';
  caller: CallerIdentity;
  queue: string | null;
  customerRef: string | null;
  /** Epoch ms. */
  startedAt: number;
}

/**
 * One call. The diagram stands above nextCall() in call-machine.ts.
 * `hold: 'holding' | 'resuming'` is the wish before the network agreed: never shown as done.
 */
export type PhoneCall =
  | (CallBase & { phase: 'ringing' })
  | (CallBase & { phase: 'answering' })
  | (CallBase & { phase: 'dialling'; ringingThere: boolean; earlyMedia: boolean })
  | (CallBase & {
      phase: 'talking';
      answeredAt: number;
      muted: boolean;
      hold: 'none' | 'holding' | 'held' | 'resuming';
      /** The last hold or resume that the network refused, for the screen to say so. */
      holdProblem: 'refused' | 'timeout' | null;
      media: 'connecting' | 'connected' | 'interrupted';
    })
  | (CallBase & { phase: 'ended'; answeredAt: number | null; endedAt: number; end: CallEnd });

export interface PhoneState {
  registration: RegistrationState;
  /** Live calls in order of arrival; an ended call stays until forget(). */
  calls: readonly PhoneCall[];
}

export interface PhoneOptions {
  account: SipAccount;
  /** ISO 3166-1 alpha-2: how caller numbers without a country code are read. */
  country: string;
  /** PCMU/opus audio of one shared microphone; asked for at the first call or by warmUp(). */
  media: PhoneMedia;
  /** Never receives numbers or credentials. */
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
}

/** What the phone needs from the page: given by the renderer, faked on the wire in tests. */
export interface PhoneMedia {
  /** The one long-lived microphone stream; rejects with the DOMException of getUserMedia. */
  microphone: () => Promise<MediaStream>;
  /** Where the other side is heard. Called with null when the call has no audio (any more). */
  play: (callId: string, remote: MediaStream | null) => void;
}

export interface Phone {
  /** Connects and registers; keeps trying for ever. */
  start: () => void;
  /** Ends all calls, unregisters, closes the socket. */
  stop: () => Promise<void>;
  state: () => PhoneState;
  /** Called synchronously on every change, the INVITE's first paint included. Returns the way to stop listening. */
  subscribe: (listener: (state: PhoneState) => void) => () => void;
  /** Places a call to a target that the gate allowed. Returns its callId at once. */
  call: (target: string) => string;
  answer: (callId: string) => void;
  /** 486 to the caller. */
  decline: (callId: string) => void;
  hangUp: (callId: string) => void;
  setMuted: (callId: string, muted: boolean) => void;
  hold: (callId: string) => void;
  resume: (callId: string) => void;
  /** RFC 4733 events: 0-9 * # A-D. */
  sendDtmf: (callId: string, tones: string) => void;
  /** Drops an ended call from the state. */
  forget: (callId: string) => void;
  /** BYE for every live call, for pagehide: synchronous, best effort. */
  abandon: () => void;
}

export type CreatePhone = (options: PhoneOptions) => Phone;
