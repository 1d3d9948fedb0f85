import type { PhoneCall, PhoneState, Presence, RegistrationProblem } from '../../../src/telephony/phone-types.ts';

type Talking = Extract<PhoneCall, { phase: 'talking' }>;
type Ended = Extract<PhoneCall, { phase: 'ended' }>;

/** Everything that the phone can say of itself. A new value in phone-types.ts does not compile before FACETS has it. */
export type Facet =
  | `line ${PhoneState['registration']['state']}`
  | `line ${RegistrationProblem}`
  | 'line backup'
  | `call ${PhoneCall['phase']}`
  | 'asked to answer by itself'
  | 'ringing there'
  | 'early media'
  | 'muted'
  | `hold ${Talking['hold']}`
  | `hold problem ${NonNullable<Talking['holdProblem']>}`
  | `media ${Talking['media']}`
  | `transfer ${NonNullable<Talking['transfer']>['state']}`
  | `transfer ${NonNullable<Talking['transfer']>['kind']}`
  | 'consultation'
  | 'conference'
  | `end ${Ended['end']['result']}`
  | `ended by ${Ended['end']['by']}`
  | 'handed over'
  | 'perhaps handed over'
  | 'waiting for a line'
  | `presence ${Presence}`
  | 'mailbox';

/** What of all that is true now. */
export function facetsOf({ registration, calls, voicemail, presence }: PhoneState): Facet[] {
  const found: Facet[] = [`line ${registration.state}`];
  if (registration.state === 'retrying') found.push(`line ${registration.reason}`);
  if (registration.state === 'registered' && registration.backup) found.push('line backup');
  for (const call of calls) found.push(...facetsOfCall(call));
  for (const one of Object.values(presence)) found.push(`presence ${one}`);
  if (voicemail && voicemail.newMessages > 0) found.push('mailbox');
  return [...new Set(found)];
}

function facetsOfCall(call: PhoneCall): Facet[] {
  const found: Facet[] = [`call ${call.phase}`];
  if (call.consultFor !== null) found.push('consultation');
  if (call.phase === 'ringing' && call.autoAnswer) found.push('asked to answer by itself');
  if (call.phase === 'dialling' && call.ringingThere) found.push('ringing there');
  if (call.phase === 'dialling' && call.earlyMedia) found.push('early media');
  if (call.phase === 'dialling' && call.waiting) found.push('waiting for a line');
  if (call.phase === 'talking') found.push(...facetsOfTalk(call));
  if (call.phase === 'ended') {
    found.push(`end ${call.end.result}`, `ended by ${call.end.by}`);
    if (call.end.transferredTo !== undefined) found.push('handed over');
    if (call.end.transferAsked !== undefined) found.push('perhaps handed over');
  }
  return found;
}

function facetsOfTalk({ muted, hold, holdProblem, media, transfer, conference }: Talking): Facet[] {
  const found: Facet[] = [`hold ${hold}`, `media ${media}`];
  if (muted) found.push('muted');
  if (holdProblem) found.push(`hold problem ${holdProblem}`);
  if (transfer) found.push(`transfer ${transfer.state}`, `transfer ${transfer.kind}`);
  if (conference) found.push('conference');
  return found;
}

/** For everything that the phone can say of itself: the state of PHONE_STATES in which it is seen. */
export const FACETS = {
  'line stopped': 'stopped',
  'line connecting': 'connecting',
  'line registered': 'registered',
  'line backup': 'backup',
  'line retrying': 'unreachable',
  'line unreachable': 'unreachable',
  'line timeout': 'no-answer-to-register',
  'line wrong_password': 'wrong-password',
  'line rejected': 'refused',
  'line socket_lost': 'line-lost',
  'call ringing': 'ringing',
  'asked to answer by itself': 'ringing-by-itself',
  'call answering': 'answering',
  'call dialling': 'dialling',
  'ringing there': 'ringing-there',
  'early media': 'announcement',
  'call talking': 'talking',
  'media connected': 'talking',
  'hold none': 'talking',
  muted: 'muted',
  'media connecting': 'sound-on-its-way',
  'media interrupted': 'sound-gone',
  'hold holding': 'holding',
  'hold held': 'held',
  'hold resuming': 'resuming',
  'hold problem refused': 'hold-refused',
  'hold problem timeout': 'hold-unanswered',
  'transfer asking': 'transfer-asked',
  'transfer trying': 'transfer-rings',
  'transfer failed': 'transfer-failed',
  'transfer blind': 'transfer-rings',
  'transfer attended': 'consult-completing',
  'handed over': 'transferred',
  'perhaps handed over': 'perhaps-transferred',
  'waiting for a line': 'emergency-without-a-line',
  consultation: 'consult',
  conference: 'conference',
  'call ended': 'hung-up-here',
  'end answered': 'hung-up-there',
  'ended by here': 'hung-up-here',
  'ended by there': 'hung-up-there',
  'ended by network': 'cut-while-ringing',
  'end missed': 'missed',
  'end answered_elsewhere': 'answered-elsewhere',
  'end declined': 'declined',
  'end busy': 'busy',
  'end no_answer': 'nobody-there',
  'end failed': 'no-such-number',
  mailbox: 'mailbox-3',
  'presence idle': 'colleague-free',
  'presence ringing': 'colleague-rings',
  'presence busy': 'colleague-talks',
  'presence unknown': 'colleague-not-known',
} as const satisfies Record<Facet, string>;
