import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import type { Desk } from '../../desk.ts';
import { useDesk } from '../../desk-context.tsx';
import { extendWrapUp, toggleCardPause, toggleRecording } from '../../desk-pbx.ts';
import { switchCustomer } from '../../handed-over.ts';
import { choiceOf } from '../../keys/choices.ts';
import { actOf, digitOf, type KeyAct } from '../../keys/key-table.ts';
import { isTextField } from '../../lib/focus.ts';
import { callKey, customerKey } from '../../work-keys.ts';
import { type CallAct, callAct, callFor, heardCall } from '../call/call-keys.ts';
import { handOver, parkHeard, swap, toggleConference } from '../call/handover.ts';
import { type DeskUi, EMPTY_DIAL, type SheetName } from './desk-target.ts';
import { clickOn, focusOn, lead, PLACES } from './places.ts';

/** The keys of the whole desk: one listener, one table. */
export function useDeskKeys(ui: DeskUi): void {
  const desk = useDesk();
  const latest = useRef(ui);
  latest.current = ui;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.code === 'F5' && inCall(desk)) {
        event.preventDefault();
        return;
      }
      if (event.code === 'Escape' && !event.isComposing && desk.completion.cancel()) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      const act = actOf(event);
      if (act) {
        event.preventDefault();
        event.stopPropagation();
        if (mayAct(act, desk)) ACTS[act](desk, latest.current);
        return;
      }
      const digit = digitOf(event);
      if (digit && !latest.current.keypad && !isTextField(document.activeElement)) chooseByDigit(digit, desk, event);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [desk]);
}

/** What a key may still do on a desk that was locked in a call: the call, its note, an emergency call, and what shows no customer. */
const WITHOUT_CUSTOMERS: ReadonlySet<KeyAct> = new Set([
  ...([
    'answer',
    'decline',
    'hang_up',
    'mute',
    'hold',
    'keypad',
    'dial',
    'transfer',
    'swap',
    'conference',
    'card_pause',
    'record',
  ] as const),
  ...(['note', 'save', 'wrap_up', 'settings', 'keys', 'share_screen'] as const),
]);

const mayAct = (act: KeyAct, desk: Desk) =>
  WITHOUT_CUSTOMERS.has(act) || desk.session.store.getState().session?.status === 'signed_in';

const inCall = (desk: Desk) => desk.calls.store.getState().calls.some((call) => call.stage === 'live');

function shownCall(desk: Desk) {
  const { calls, focus } = desk.calls.store.getState();
  return focus.kind === 'call' ? calls.find((call) => call.callId === focus.callId) : undefined;
}

function chooseByDigit(digit: string, desk: Desk, event: KeyboardEvent): void {
  const choice = choiceOf(digit, document, PLACES.wrapUp);
  if (choice) {
    event.preventDefault();
    choice.click();
    return;
  }
  // Beside a script a digit is an answer, and where there is none to give it is nothing.
  if (document.activeElement?.closest(`[data-place="${PLACES.runner}"]`)) return;
  const row = desk.session.store.getState().catalogue.dispositions.find((candidate) => candidate.key === digit);
  const call = shownCall(desk);
  if (!row || !call || call.live?.phase === 'ringing') return;
  event.preventDefault();
  desk.calls.setDisposition(call.callId, row.code);
}

type Perform = (desk: Desk, ui: DeskUi) => void;

const onCall = (act: CallAct): Perform => {
  return (desk) => {
    const call = callFor(act, desk);
    if (call) callAct(act, desk, call.callId);
  };
};
const toggleSheet = (sheet: SheetName): Perform => {
  return (_desk, ui) => ui.setSheet(ui.sheet === sheet ? null : sheet);
};

const onHeardCall = (desk: Desk, act: (desk: Desk, callId: string) => void) => {
  const call = heardCall(desk.calls.store.getState().calls);
  if (call?.phase === 'talking' && desk.recordings.store.getState().calls[call.callId]) act(desk, call.callId);
};

/** What each key does. */
const ACTS: Readonly<Record<KeyAct, Perform>> = {
  answer: onCall('answer'),
  decline: onCall('decline'),
  hang_up: onCall('hang_up'),
  mute: onCall('mute'),
  hold: onCall('hold'),
  keypad: (desk, ui) => {
    if (callFor('hang_up', desk)?.phase === 'talking') lead(() => ui.setKeypad(!ui.keypad), PLACES.keypad);
  },
  transfer: (desk, ui) => handOver(desk, ui),
  park: (desk) => parkHeard(desk),
  take_back: (desk) => void desk.parking.takeBack(),
  pick_up: (desk) => void desk.parking.pickUp(),
  swap: (desk) => swap(desk),
  conference: (desk) => toggleConference(desk),
  dial: (_desk, ui) => flushSync(() => ui.setDial(ui.dial ? null : EMPTY_DIAL)),
  note: () => focusOn(PLACES.note),
  save: (desk) => {
    // In a letter it is the letter that goes.
    const letter = document.activeElement
      ?.closest('aside')
      ?.querySelector<HTMLElement>(`[data-place="${PLACES.sendLetter}"]`);
    if (letter) letter.click();
    else void saveAndShow(desk);
  },
  wrap_up: () => focusOn(PLACES.wrapUp),
  ready: (desk) => void desk.pbx.ask({ state: 'ready' }),
  more_time: (desk) => extendWrapUp(desk),
  card_pause: (desk) => onHeardCall(desk, toggleCardPause),
  record: (desk) => onHeardCall(desk, toggleRecording),
  find: (_desk, ui) => {
    // Whoever is found there belongs to the call; from there once more it is the finder of everything.
    const here = document.getElementById(PLACES.findHere);
    if (here && here !== document.activeElement) here.focus();
    else lead(() => ui.setFinder(true), PLACES.finder);
  },
  // Not by id: the popover gives its target an id of its own.
  peek: () => document.querySelector<HTMLElement>(`[data-place="${PLACES.peek}"]`)?.click(),
  edit_customer: () => clickOn('edit-customer'),
  take_other: () => clickOn('take-other'),
  switch_customer: (desk) => void switchCustomer(desk),
  knowledge: (_desk, ui) => toKnowledge(ui),
  cite: () => clickOn(PLACES.cite),
  helped: () => clickOn(PLACES.helped),
  authoring: (desk, ui) => {
    if (mayWriteKnowledge(desk)) toggleSheet('authoring')(desk, ui);
  },
  follow_up: (_desk, ui) => flushSync(() => ui.setFollowUp(!ui.followUp)),
  script: (_desk, ui) => toScript(ui),
  ledger: toggleSheet('ledger'),
  message: (_desk, ui) => {
    ui.setLetter(null);
    ui.setSheet(ui.sheet === 'message' ? null : 'message');
  },
  same_person: toggleSheet('same_person'),
  undo_merge: () => clickOn('undo-merge'),
  privacy: (desk, ui) => {
    if (!mayWriteKnowledge(desk)) return;
    if (ui.sheet === 'privacy') ui.setSheet(null);
    else lead(() => ui.setSheet('privacy'), PLACES.privacy);
  },
  people: () => focusOn(PLACES.people),
  back: (desk, ui) => goBack(desk, ui),
  practice: toggleSheet('practice'),
  attention: toggleSheet('attention'),
  sync: toggleSheet('sync'),
  try_now: (desk) => void desk.sync.tryNow().catch(() => undefined),
  settings: toggleSheet('settings'),
  shift_check: toggleSheet('shift_check'),
  quality: () => document.querySelector<HTMLElement>('[data-place="line-meter"]')?.click(),
  keys: toggleSheet('keys'),
  share_screen: (desk) => desk.screen.toggle(),
};

export async function saveAndShow(desk: Desk): Promise<void> {
  const result = await desk.saveWork();
  if (result === 'needs_disposition') focusOn(PLACES.wrapUp);
}

/** To the article that is read, else to the search field, wherever the focus is; from there away again. */
function toKnowledge(ui: DeskUi): void {
  const inside = document.activeElement?.closest('aside') ?? null;
  // A letter has its knowledge below it: there and back.
  const letter = ui.sheet === 'message' ? document.getElementById(PLACES.letter) : null;
  if (letter) {
    const isThere = document.activeElement?.closest(`#${PLACES.letterKnowledge}`) ?? null;
    focusOn(isThere ? PLACES.letter : PLACES.knowledge);
    return;
  }
  const article = document.getElementById(PLACES.article);
  if (ui.sheet === 'knowledge' && inside) ui.setSheet(null);
  else if (article) article.focus();
  else lead(() => ui.setSheet('knowledge'), PLACES.knowledge);
}

/** To the script, wherever the focus is; from there away again. */
export function toScript(ui: DeskUi): void {
  const inside = document.activeElement?.closest('aside') ?? null;
  if (ui.sheet === 'script' && inside) {
    ui.setSheet(null);
    return;
  }
  flushSync(() => {
    ui.setLook(null);
    ui.setSheet('script');
  });
  // The sheet took the focus for itself: what is typed on goes to the step.
  const runner = document.querySelector<HTMLElement>(`[data-place="${PLACES.runner}"]`);
  (runner?.querySelector<HTMLElement>('textarea, input') ?? runner)?.focus();
}

/** Agents read, supervisors and administrators write; the centre asks again. */
export function mayWriteKnowledge({ session }: Pick<Desk, 'session'>): boolean {
  const { session: now } = session.store.getState();
  return now?.status === 'signed_in' && (now.agent.role === 'supervisor' || now.agent.role === 'administrator');
}

/** From somebody around a customer to that customer; from a customer looked up to the call in hand; from there to rest, where nothing is open. */
function goBack(desk: Desk, ui: DeskUi): void {
  const { calls, focus } = desk.calls.store.getState();
  if (focus.kind !== 'customer') return;
  const call = calls.at(-1);
  const key = customerKey(focus.customerId);
  const from = ui.trail.findLast(({ to }) => to === focus.customerId)?.from;
  ui.setTrail(ui.trail.filter(({ to }) => to !== focus.customerId));
  if (from !== undefined && from !== call?.customerId) openCustomer(desk, from);
  else desk.calls.focus(call ? { kind: 'call', callId: call.callId } : { kind: 'idle' });
  void desk.notes.flush(key);
}

/** Opens a customer that was looked up, with a note of its own. */
export function openCustomer(desk: Desk, customerId: string): void {
  const call = shownCall(desk);
  const key = customerKey(customerId);
  if (call && call.customerId === customerId) return;
  desk.notes.open(key, { callId: null, customerId });
  desk.calls.focus({ kind: 'customer', customerId });
  void desk.customers.view(key, customerId, null);
}

export const shownKey = (focus: ReturnType<Desk['calls']['store']['getState']>['focus']): string | null => {
  if (focus.kind === 'call') return callKey(focus.callId);
  return focus.kind === 'customer' ? customerKey(focus.customerId) : null;
};
