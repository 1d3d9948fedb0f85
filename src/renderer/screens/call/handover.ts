import type { PhoneCall } from '../../../telephony/phone-types.ts';
import type { Desk } from '../../desk.ts';
import type { DeskCall } from '../../stores/call-store.ts';
import type { DeskUi } from '../desk/desk-target.ts';

type Talking = Extract<PhoneCall, { phase: 'talking' }>;

/** The customer who can be handed over, and the colleague who is being asked, if one is. */
export interface Handover {
  customer: Talking;
  consult: PhoneCall | null;
}

/** null while nobody is talked to. A colleague is asked about one customer; else it is whoever is heard, or the only one. */
export function handoverOf(calls: readonly DeskCall[]): Handover | null {
  const live = calls.flatMap((call) => (call.live ? [call.live] : []));
  const consult = live.find((call) => call.consultFor !== null) ?? null;
  const customers = live.filter((call): call is Talking => call.phase === 'talking' && call.consultFor === null);
  const customer = consult
    ? customers.find((call) => call.callId === consult.consultFor)
    : (customers.find((call) => call.hold === 'none') ?? customers.at(0));
  return customer ? { customer, consult } : null;
}

const current = (desk: Desk) => handoverOf(desk.calls.store.getState().calls);

/** The transfer key: opens the strip; with a colleague on the line it connects the two and leaves. */
export function handOver(desk: Desk, ui: DeskUi): void {
  const handover = current(desk);
  if (handover?.consult?.phase === 'talking') {
    void desk.completion.complete();
    return;
  }
  const ringing = desk.calls.store.getState().calls.some((call) => call.live?.phase === 'ringing');
  if ((handover && !handover.consult) || ringing) ui.setTransfer(!ui.transfer);
}

/** The customer whom the keys mean waits in a parking place of the PBX. A consultation is not parked. */
export function parkHeard(desk: Desk): void {
  const { calls } = desk.calls.store.getState();
  const heard = calls.find(({ live }) => live?.phase === 'talking' && live.hold === 'none');
  if (heard && heard.consultFor === null) void desk.parking.park(heard.callId);
}

/** Talks to the other of the two. */
export function swap(desk: Desk): void {
  const handover = current(desk);
  if (handover?.consult?.phase !== 'talking' || handover.customer.conference) return;
  desk.completion.cancel();
  const { customer, consult } = handover;
  // The phone parks whoever was heard before.
  const other = customer.hold === 'held' ? customer : consult.hold === 'held' ? consult : null;
  if (other) desk.line.phone()?.resume(other.callId);
}

/** All three hear each other, or no longer. */
export function toggleConference(desk: Desk): void {
  const handover = current(desk);
  if (handover?.consult?.phase !== 'talking') return;
  desk.completion.cancel();
  const phone = desk.line.phone();
  if (handover.customer.conference) phone?.splitConference();
  else phone?.conference(handover.customer.callId, handover.consult.callId);
}

/** Lets the colleague go and takes the customer back. */
export function endConsult(desk: Desk, consultCallId: string): void {
  const phone = desk.line.phone();
  const handover = current(desk);
  phone?.hangUp(consultCallId);
  if (handover?.consult?.callId === consultCallId) takeBack(desk, handover.customer.callId);
}

/** The hold may still be on its way to the PBX: the customer is taken back as soon as it is agreed, unless somebody else is heard by then. */
function takeBack(desk: Desk, callId: string): void {
  const look = (calls: readonly DeskCall[]): 'wait' | 'over' => {
    const live = calls.flatMap((call) => (call.live ? [call.live] : []));
    const customer = live.find((call) => call.callId === callId);
    if (customer?.phase !== 'talking' || customer.hold === 'none') return 'over';
    if (customer.hold !== 'held') return 'wait';
    const engaged = live.some((call) => call.callId !== callId && call.phase === 'talking' && call.hold === 'none');
    if (!engaged) desk.line.phone()?.resume(callId);
    return 'over';
  };
  if (look(desk.calls.store.getState().calls) === 'over') return;
  const stop = desk.calls.store.subscribe(({ calls }) => {
    if (look(calls) === 'over') stop();
  });
}

const WHY: Readonly<Record<number, string>> = {
  486: 'busy',
  600: 'busy',
  480: 'no_answer',
  408: 'no_answer',
  404: 'not_found',
};

/** Why a transfer failed, as a key of call:transfer_why. */
export function transferProblem(sipStatus: number | null): string {
  return sipStatus === null ? 'timeout' : (WHY[sipStatus] ?? 'refused');
}
