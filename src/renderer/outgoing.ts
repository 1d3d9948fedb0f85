import { DangolError } from '../shared/errors.ts';
import type { GateRefusal } from '../shared/host-types.ts';
import { isEmergencyNumber } from '../shared/phone-number.ts';
import type { TransferHeaders } from '../telephony/phone-types.ts';
import type { Desk } from './desk.ts';

/** What the gate is asked: the input of `dial.check`. */
export type DialQuestion = Parameters<Desk['api']['dial']['check']>[0];

/** A number that the gate let through, and all that may be done with it. There is no other way to call one. */
export interface PassedNumber {
  target: string;
  call: () => void;
  /** Talks to somebody about a customer, who waits. */
  consult: (customerCallId: string, headers: TransferHeaders) => void;
  /** Hands a customer over at once. */
  transfer: (customerCallId: string, headers: TransferHeaders) => void;
  /** Sends a ringing call there without answering it. */
  deflect: (ringingCallId: string) => void;
}

export type GateAnswer =
  | { allowed: true; doNotCall: boolean; number: PassedNumber }
  | { allowed: false; refusals: readonly GateRefusal[]; needsRight?: boolean | undefined };

type GateDesk = Pick<Desk, 'api' | 'line'>;

/**
 * The one gate before any number is called; the host keeps its rules. An emergency number is never asked about: it passes also
 * while the host is away, on a locked desk, or with nobody signed in.
 * @throws DangolError HOST_GONE, LOCKED, SIGNED_OUT, NOT_FOUND: for every other number; SIGNED_OUT where no line is known.
 */
export async function askGate(desk: GateDesk, question: DialQuestion): Promise<GateAnswer> {
  const emergency = emergencyTarget(desk, question.number);
  if (emergency !== null) {
    // It needs a line, and neither its registration nor the word that this window has it.
    if (!desk.line.isKnown()) throw new DangolError('SIGNED_OUT', 'sign-in');
    return { allowed: true, doNotCall: false, number: passed(desk, emergency) };
  }
  const verdict = await desk.api.dial.check(question);
  if (!verdict.allowed) return verdict;
  return { allowed: true, doNotCall: verdict.doNotCall, number: passed(desk, verdict.target) };
}

/** The digits of an emergency number, by the country of the line; null for every other. */
export function emergencyTarget({ line }: Pick<Desk, 'line'>, number: string): string | null {
  // What was pasted may be written in full-width digits.
  const plain = number.normalize('NFKC');
  return isEmergencyNumber(plain, line.country()) ? plain.replaceAll(/\D/g, '') : null;
}

function passed({ line }: GateDesk, target: string): PassedNumber {
  const phone = () => (emergencyTarget({ line }, target) === null ? line.phone() : line.emergencyPhone());
  return {
    target,
    call: () => void phone()?.call(target),
    consult: (callId, headers) => void line.phone()?.consult(callId, target, headers),
    transfer: (callId, headers) => line.phone()?.transfer(callId, target, headers),
    deflect: (callId) => line.phone()?.decline(callId, { to: target }),
  };
}
