import type { Desk } from '../../src/renderer/desk.ts';
import { callKey } from '../../src/renderer/work-keys.ts';
import { DangolError } from '../../src/shared/errors.ts';
import type { SessionState } from '../../src/shared/host-types.ts';
import type { Judgement } from '../../src/telephony/quality.ts';
import { candidates, englishView, fixedId, goldView, signedIn } from '../fakes/desk-fixtures.ts';
import type { FakeAudio } from '../fakes/fake-audio.ts';
import type { FakeHost } from '../fakes/fake-host.ts';
import type { FakeLine } from '../fakes/fake-phone.ts';
import { mergedOf, mergePreview, perhapsSame } from '../fakes/identity-fixtures.ts';
import { ledgerOf } from '../fakes/ledger-fixtures.ts';
import { longHistory } from '../fakes/long-history.ts';
import { CALL_STATES } from './call-states.ts';
import { KNOWLEDGE_STATES } from './knowledge-states.ts';
import { MESSAGE_STATES } from './message-states.ts';
import { OWNER_STATES } from './owner-states.ts';
import { SCRIPT_STATES } from './script-states.ts';

export interface GalleryWorld {
  audio: FakeAudio;
  host: FakeHost;
  line: FakeLine;
  desk: Desk;
  /** Resolves when the desk has registered its line. */
  ready: () => Promise<void>;
  /** What the host tells every window of its session. */
  become: (status: 'locked' | 'signed_out') => void;
  /** The same screen in other colours; resolves when they have changed. */
  wear: (scheme: 'light' | 'dark') => Promise<void>;
  press: (code: string, modifiers?: { alt?: boolean; ctrl?: boolean; shift?: boolean }) => void;
  type: (text: string) => void;
}

export interface GalleryState {
  /** Before the desk starts. */
  prepare?: (host: FakeHost) => void;
  /** Sound is off until a key is pressed. */
  silent?: true;
  /** After it has. */
  play?: (world: GalleryWorld) => Promise<void> | void;
}

export const tick = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms));
const MINUTE = 60_000;
const NOTE =
  '환불 진행 상황 문의. 결제팀 확인 결과 내일 입금 예정이라고 안내함.\n요금제 변경도 관심 있어 하셔서 500 요금제 설명드림.';

export async function ringing({ line, ready }: GalleryWorld, from = 3000): Promise<string> {
  await ready();
  const callId = line.ring({ startedAt: Date.now() - from });
  await tick();
  return callId;
}

export async function talking(world: GalleryWorld, minutes = 2.3): Promise<string> {
  const callId = await ringing(world);
  world.line.talk(callId, Date.now() - minutes * MINUTE);
  world.desk.calls.focus({ kind: 'call', callId });
  await tick();
  return callId;
}

/** Into the note, as by a keyboard. */
async function typed(text: string): Promise<void> {
  document.getElementById('note-field')?.focus();
  document.execCommand('insertText', false, text);
  await tick();
}

/** Keys of two modifiers. */
const press = (world: GalleryWorld, code: string) => world.press(code, { alt: true, shift: true });

/** A customer with this many older contacts. */
function yearsOf(contacts: number): GalleryState {
  return {
    prepare: ({ state }) => {
      const gold = goldView(Date.now());
      const view = { ...gold, interactionCount: contacts + gold.timeline.length };
      state.views.set(view.customer.id, view);
      state.open = { match: 'one', view, remembered: false, others: [] };
      state.older = longHistory(contacts, Date.parse(view.timeline.at(-1)?.interaction.startedAt ?? ''));
    },
    play: async (world) => {
      await talking(world);
    },
  };
}

/** The gate lets the parking place pass. */
function host701({ host }: GalleryWorld): void {
  host.state.verdict = { allowed: true, target: '701', emergency: false, overridden: [], doNotCall: false };
}

/** A colleague is dialled about the customer on the line. */
export async function consulting(world: GalleryWorld, talks = true): Promise<{ customer: string; consult: string }> {
  const customer = await talking(world);
  world.type('환불 진행 상황 문의.');
  const consult = world.desk.line.phone()?.consult(customer, '102') ?? '';
  await tick();
  if (talks) world.line.talk(consult, Date.now() - 12_000);
  await tick();
  return { customer, consult };
}

async function wrapUp(world: GalleryWorld): Promise<string> {
  const callId = await talking(world);
  world.type(NOTE);
  world.line.end(callId);
  await tick(200);
  return callId;
}

/** The desk of the fixtures' agent, as it is when their lease is over, or after a sign-out in another window. */
export function shutSession(status: 'locked' | 'signed_out'): SessionState {
  const { agent, centralUrl, practice } = signedIn(0);
  return status === 'locked' ? { status, agent, centralUrl, practice } : { status, centralUrl, practice };
}

function judgement(part: Partial<Judgement>): Judgement {
  const way = { loss: 0.004, jitterMs: 6, mos: 4.3 };
  return {
    ...{ at: 0, in: way, out: { ...way, mos: 4.2 }, roundTripMs: 24, mos: 4.2 },
    ...{ grade: 'good' as const, silence: 'none' as const, culprit: null },
    ...part,
  };
}

const sheetButtons = () => document.querySelectorAll<HTMLButtonElement>('aside ol button');

/** The check of the shift, to where it first asks. */
async function checkUntil(world: GalleryWorld): Promise<void> {
  await world.ready();
  world.press('Period', { alt: true });
  await tick();
  document.querySelector<HTMLButtonElement>('aside button[data-autofocus]')?.click();
  while (sheetButtons().length === 0) await tick();
}

async function answerCheck(heard: boolean): Promise<void> {
  [...sheetButtons()].at(heard ? -2 : -1)?.click();
  await tick();
}

/** The call and customer screens in every state, from fixture data over the fake wire. */
export const STATES: Readonly<Record<string, GalleryState>> = {
  ...CALL_STATES,
  ...KNOWLEDGE_STATES,
  ...SCRIPT_STATES,
  ...MESSAGE_STATES,
  ...OWNER_STATES,
  'sign-in': {
    prepare: ({ state }) => {
      state.session = { status: 'signed_out', centralUrl: 'http://127.0.0.1:4701', practice: true };
    },
  },
  'sign-in-wrong': {
    prepare: ({ state }) => {
      state.session = { status: 'signed_out', centralUrl: 'https://crm.example.com', practice: false };
    },
    play: async ({ desk }) => {
      await tick();
      desk.session.store.setState({ demoLogins: [] });
      await desk.session.signIn('seoyeon', 'wrong');
    },
  },
  locked: {
    prepare: ({ state }) => {
      state.session = shutSession('locked');
    },
  },
  'locked-in-call': {
    play: async (world) => {
      await talking(world);
      world.type(NOTE);
      world.become('locked');
      await tick(200);
    },
  },
  idle: { play: ({ ready }) => ready() },
  break: {
    play: async ({ ready, desk }) => {
      await ready();
      desk.line.setWish({ state: 'break', reason: 'meal' });
    },
  },
  'sound-off': { silent: true },
  elsewhere: {
    prepare: ({ state }) => {
      state.phoneHolder = fixedId(999);
    },
  },
  'ledger-empty': {
    play: async (world) => {
      await talking(world);
      press(world, 'KeyL');
    },
  },
  'ledger-full': {
    prepare: ({ state }) => {
      state.ledger = ledgerOf(Date.now());
    },
    play: async (world) => {
      await talking(world);
      press(world, 'KeyL');
      await tick();
    },
  },
  'follow-up-in-call': {
    play: async (world) => {
      await talking(world);
      press(world, 'KeyF');
      await tick();
      world.type('환불 결과를 내일 오전에 전화로 안내');
    },
  },
  'follow-up-case': {
    play: async (world) => {
      await talking(world);
      press(world, 'KeyF');
      await tick();
      document.querySelector<HTMLElement>('form input[type=radio][value=case]')?.click();
      await tick();
      world.type('교체한 공유기도 끊김');
    },
  },
  'case-fields': {
    play: async (world) => {
      await talking(world);
      // The second menu of what is owed: after that of the promise, that of the case.
      document
        .querySelectorAll<HTMLElement>(
          'main button[aria-expanded][aria-label*="‘"], main button[aria-label^="Settle"]',
        )[1]
        ?.click();
      await tick();
    },
  },
  'same-person': {
    prepare: ({ state }) => {
      state.identity = perhapsSame(Date.now());
    },
    play: async (world) => void (await talking(world)),
  },
  'merge-preview': {
    prepare: ({ state }) => {
      state.identity = perhapsSame(Date.now());
      state.mergePreview = mergePreview(Date.now());
    },
    play: async (world) => {
      await talking(world);
      press(world, 'KeyM');
      await tick();
    },
  },
  'merge-nobody': {
    play: async (world) => {
      await talking(world);
      press(world, 'KeyM');
      await tick();
    },
  },
  split: {
    play: async (world) => {
      await talking(world);
      press(world, 'KeyM');
      await tick();
      document.querySelector<HTMLElement>('aside section details summary')?.click();
    },
  },
  merged: {
    prepare: ({ state }) => {
      state.identity = mergedOf(Date.now());
    },
    play: async (world) => {
      await talking(world);
      press(world, 'KeyM');
      await tick();
    },
  },
  'history-years': yearsOf(2000),
  'history-long': yearsOf(10_000),
  'follow-up-nobody': {
    play: async (world) => {
      await world.ready();
      press(world, 'KeyF');
    },
  },
  bootstrap: {
    prepare: ({ state }) => {
      state.sync = {
        ...state.sync,
        phase: 'bootstrapping',
        progress: { done: 41_200, total: 100_000, secondsLeft: 9, rowsPerSecond: 6_530 },
      };
    },
    play: ({ ready }) => ready(),
  },
  'sync-first-load': {
    prepare: ({ state }) => {
      state.sync = {
        ...state.sync,
        phase: 'bootstrapping',
        progress: { done: 4_120_000, total: 11_000_000, secondsLeft: 131, rowsPerSecond: 52_400 },
      };
      state.panel = { ...state.panel, customers: 1_000_000 };
    },
    play: async (world) => {
      await talking(world);
      world.press('KeyI', { alt: true });
    },
  },
  'sync-waiting': {
    prepare: ({ state }) => {
      const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
      state.sync = {
        ...state.sync,
        phase: 'offline',
        pending: 14,
        attention: 2,
        lastContactAt: ago(95),
        caughtUpAt: ago(96),
        nextTryAt: new Date(Date.now() + 24_000).toISOString(),
        problem: { code: 'CENTRE_UNREACHABLE', next: 'check-network', detail: '' },
      };
      state.panel = {
        ...state.panel,
        waiting: [
          { kind: 'interaction.record', n: 6, ofOthers: 0, oldestAt: ago(94) },
          { kind: 'note.save', n: 5, ofOthers: 2, oldestAt: ago(91) },
          { kind: 'interaction.wrap_up', n: 3, ofOthers: 0, oldestAt: ago(80) },
        ],
      };
    },
    play: async ({ ready, press }) => {
      await ready();
      press('KeyI', { alt: true });
    },
  },
  'team-held': {
    prepare: ({ state }) => {
      if (state.session.status === 'signed_in') {
        state.session = { ...state.session, agent: { ...state.session.agent, name: '정다은', role: 'supervisor' } };
      }
      const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
      const one = { authorId: fixedId(2), customerId: null, deviceId: fixedId(3), reportedAt: ago(1) };
      state.teamHeld = {
        held: [
          {
            ...one,
            opId: fixedId(930),
            kind: 'note.save',
            reason: 'rejected',
            code: 'UNKNOWN_CUSTOMER',
            authorName: '박지민',
            claimedAt: ago(190),
          },
          {
            ...one,
            opId: fixedId(931),
            kind: 'promise.make',
            reason: 'quarantined',
            code: '',
            authorName: '최유진',
            claimedAt: ago(44),
          },
        ],
        discarded: [
          {
            ...one,
            opId: fixedId(932),
            kind: 'consent.set',
            code: 'ERASED',
            authorName: '박지민',
            claimedAt: ago(60 * 30),
            decidedAt: ago(60 * 28),
            decision: '박지민: 고객 정보가 삭제됨',
          },
        ],
      };
    },
    play: async ({ ready, press }) => {
      await ready();
      press('KeyQ', { alt: true });
      await tick(200);
      document.querySelector<HTMLElement>('aside details summary')?.click();
    },
  },
  'line-down': {
    play: async ({ ready, line }) => {
      await ready();
      line.setRegistration({
        state: 'retrying',
        since: Date.now(),
        attempt: 2,
        nextTryInMs: 4000,
        reason: 'unreachable',
      });
    },
  },
  ringing: { play: async (world) => void (await ringing(world)) },
  talking: {
    play: async (world) => {
      await talking(world);
      world.type('환불 진행 상황 문의.');
      await tick(200);
    },
  },
  transfer: {
    play: async (world) => {
      await talking(world);
      world.press('KeyG', { alt: true });
      // Who is free is asked a moment after the last key.
      while (!world.line.asked.some((act) => act.startsWith('watch 102'))) await tick();
      world.line.tell({ presence: { 102: 'idle', 103: 'busy', 104: 'ringing', 105: 'unknown' } });
    },
  },
  capsule: {
    prepare: ({ state }) => {
      state.capsules = [
        {
          id: fixedId(905),
          callId: fixedId(906),
          customerId: fixedId(10),
          note: '중복 결제 환불 문의. 결제팀에 접수했고 내일 입금 예정이라고 안내함. 요금제 변경도 물어보심.',
        },
      ];
    },
    play: async ({ ready, line }) => {
      await ready();
      line.ring({ capsule: fixedId(905) });
    },
  },
  'capsule-other': {
    prepare: ({ state }) => {
      const mother = goldView(Date.now());
      const customer = { ...mother.customer, id: fixedId(33), name: '박*자', customerNumber: 'C-104477' };
      state.views.set(fixedId(33), { ...mother, customer });
      const note = '어머니 명의 회선 해지 문의. 따님 전화로 거셨고 위임장 안내함.';
      state.capsules = [{ id: fixedId(907), callId: fixedId(908), customerId: fixedId(33), note }];
    },
    play: async ({ ready, line }) => {
      await ready();
      line.ring({ capsule: fixedId(907) });
    },
  },
  'dial-recent': {
    prepare: ({ state }) => {
      const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
      const base = { customerId: null, customerName: null, queue: null, result: null };
      state.history = [
        {
          ...base,
          callId: fixedId(901),
          direction: 'in',
          phone: '010-****-5678',
          customerId: fixedId(10),
          customerName: '김*수',
          startedAt: ago(4),
          answered: true,
        },
        { ...base, callId: fixedId(902), direction: 'in', phone: '010-****-7734', startedAt: ago(31), answered: false },
        { ...base, callId: fixedId(903), direction: 'out', phone: '102', startedAt: ago(95), answered: true },
        {
          ...base,
          callId: fixedId(904),
          direction: 'out',
          phone: '+1 212-***-0143',
          startedAt: ago(60 * 26),
          answered: true,
        },
      ];
    },
    play: async ({ ready, press }) => {
      await ready();
      press('KeyT', { alt: true });
    },
  },
  deflect: {
    play: async (world) => {
      await ringing(world);
      world.press('KeyG', { alt: true });
    },
  },
  'consult-ringing': { play: async (world) => void (await consulting(world, false)) },
  consult: { play: async (world) => void (await consulting(world)) },
  conference: {
    play: async (world) => {
      await consulting(world);
      world.press('KeyJ', { alt: true });
    },
  },
  parked: {
    prepare: (host) => {
      const session = signedIn(Date.now());
      if (!session.config?.sip) return;
      const features = { parking: ['701', '702', '703'], pickUp: '*8' };
      host.state.session = { ...session, config: { ...session.config, sip: { ...session.config.sip, features } } };
    },
    play: async (world) => {
      const first = await talking(world);
      host701(world);
      await world.desk.parking.park(first);
      await tick();
      world.line.end(first, { by: 'here', transferredTo: '701' });
      world.line.tell({ presence: { 701: 'busy', 703: 'busy' } });
      await talking(world, 0.4);
    },
  },
  'transfer-trying': {
    play: async (world) => {
      const callId = await talking(world);
      world.line.change(callId, (call) =>
        call.phase === 'talking'
          ? { ...call, transfer: { to: '102', kind: 'blind', state: 'trying', sipStatus: null } }
          : call,
      );
    },
  },
  'transfer-failed': {
    play: async (world) => {
      const callId = await talking(world);
      world.line.change(callId, (call) =>
        call.phase === 'talking'
          ? { ...call, transfer: { to: '102', kind: 'blind', state: 'failed', sipStatus: 486 } }
          : call,
      );
    },
  },
  english: {
    prepare: ({ state }) => {
      state.open = { match: 'one', view: englishView(Date.now()), remembered: false, others: [] };
    },
    play: async (world) => {
      await world.ready();
      const callId = world.line.ring({
        caller: { number: '+12125550143', e164: '+12125550143', displayName: null, withheld: false, source: 'from' },
      });
      await tick();
      world.line.talk(callId);
    },
  },
  held: {
    play: async (world) => {
      const callId = await talking(world);
      world.desk.line.phone()?.hold(callId);
    },
  },
  trouble: {
    play: async (world) => {
      const callId = await talking(world);
      world.line.change(callId, (call) =>
        call.phase === 'talking' ? { ...call, muted: true, holdProblem: 'timeout' } : call,
      );
    },
  },
  keypad: {
    play: async (world) => {
      await talking(world);
      world.press('KeyK', { alt: true });
    },
  },
  'second-call': {
    play: async (world) => {
      await talking(world);
      world.type('환불 진행 상황 문의.');
      world.line.ring({
        queue: 'billing',
        caller: { number: '01000007788', e164: '+821000007788', displayName: null, withheld: false, source: 'from' },
      });
      await tick(200);
    },
  },
  'wrap-up': {
    play: async (world) => {
      const callId = await wrapUp(world);
      world.desk.calls.setDisposition(callId, 'resolved');
    },
  },
  'note-blocks': {
    play: async (world) => {
      await talking(world);
      await typed('약정 문의. /');
    },
  },
  'note-mention': {
    play: async (world) => {
      await talking(world);
      await typed('지난번 #');
    },
  },
  'note-summary': {
    play: async (world) => {
      const callId = await wrapUp(world);
      world.desk.calls.setDisposition(callId, 'complaint');
      await typed(document.documentElement.lang === 'en' ? '\n/summary' : '\n/요약');
    },
  },
  'saved-here': {
    play: async (world) => {
      const callId = await wrapUp(world);
      await world.desk.notes.save(callKey(callId));
    },
  },
  several: {
    prepare: ({ state }) => {
      state.open = {
        match: 'several',
        candidates: candidates(Date.now()),
        asOf: new Date(Date.now() - 4000).toISOString(),
      };
    },
    play: async (world) => void (await ringing(world)),
  },
  remembered: {
    prepare: ({ state }) => {
      const others = candidates(Date.now()).slice(1);
      state.open = { match: 'one', view: goldView(Date.now()), remembered: true, others };
    },
    play: async (world) => void (await ringing(world)),
  },
  unknown: {
    prepare: ({ state }) => {
      state.open = { match: 'none', asOf: new Date(Date.now() - 40 * MINUTE).toISOString() };
    },
    play: async (world) => void (await talking(world)),
  },
  withheld: {
    prepare: ({ state }) => {
      state.open = { match: 'withheld' };
    },
    play: async ({ ready, line }) => {
      await ready();
      line.ring({ caller: { number: null, e164: null, displayName: null, withheld: true, source: 'from' } });
    },
  },
  missed: {
    play: async (world) => {
      const callId = await ringing(world);
      world.line.end(callId);
    },
  },
  'screen-shared': {
    play: async (world) => {
      await talking(world);
      press(world, 'KeyD');
      await tick();
    },
  },
  'screen-shared-mail': {
    prepare: (host) => MESSAGE_STATES['mail-answer']?.prepare?.(host),
    play: async (world) => {
      await MESSAGE_STATES['mail-answer']?.play?.(world);
      press(world, 'KeyD');
      await tick();
    },
  },
  peek: {
    play: async (world) => {
      const callId = await talking(world);
      await world.desk.customers.peek(callKey(callId), '본인 확인');
    },
  },
  'dial-refused': {
    prepare: ({ state }) => {
      state.verdict = {
        allowed: false,
        refusals: [
          { rule: 'no_consent', data: {}, overridable: true },
          { rule: 'calling_hours', data: {}, overridable: true },
        ],
      };
    },
    play: async (world) => {
      await world.ready();
      world.press('KeyT', { alt: true });
      await tick(120);
      world.type('01000001234');
      await tick();
      document.querySelector<HTMLButtonElement>('form button[type=submit]')?.click();
    },
  },
  practice: {
    play: async (world) => {
      await world.ready();
      world.press('KeyP', { alt: true });
    },
  },
  attention: {
    prepare: ({ state }) => {
      state.sync = { ...state.sync, attention: 2 };
      const one = {
        reason: 'rejected' as const,
        detail: '',
        claimedAt: new Date(Date.now() - 3 * 60 * MINUTE).toISOString(),
      };
      state.attention = [
        {
          ...one,
          opId: fixedId(900),
          kind: 'note.save',
          code: 'ERASED',
          authorName: '이서연',
          summary: '주소 변경 요청, 다음 주 이사.',
          customerId: fixedId(10),
          kept: true,
        },
        {
          ...one,
          opId: fixedId(901),
          kind: 'interaction.wrap_up',
          code: 'UNKNOWN_DISPOSITION',
          authorName: '박지민',
          summary: 'happy_ok',
          customerId: fixedId(10),
          kept: false,
        },
      ];
      state.drafts.set(fixedId(910), {
        noteId: fixedId(910),
        callId: fixedId(911),
        customerId: null,
        text: '설치 기사 방문 시간을 오후로 바꿔 달라고 하심. 주소는',
        revision: 4,
      });
      state.unassigned = [
        {
          noteId: fixedId(920),
          callId: fixedId(921),
          text: '번호를 숨기고 거심. 해지 위약금 문의, 다시 거신다고 함.',
          at: new Date(Date.now() - 26 * 60 * MINUTE).toISOString(),
          mark: 'centre',
        },
      ];
    },
    play: async (world) => {
      await talking(world);
      world.press('KeyQ', { alt: true });
    },
  },
  settings: {
    play: async (world) => {
      await world.ready();
      world.press('Comma', { alt: true });
    },
  },
  'shift-check': {
    play: async (world) => {
      await world.ready();
      world.press('Period', { alt: true });
    },
  },
  'shift-check-asked': {
    play: async (world) => {
      world.audio.levels.here = 0.6;
      await checkUntil(world);
    },
  },
  'shift-check-bad': {
    play: async (world) => {
      world.audio.store.setState((audio) => ({ microphone: { ...audio.microphone, status: 'denied' } }));
      await checkUntil(world);
      await answerCheck(false);
      await tick(2300);
      await answerCheck(true);
      await tick();
    },
  },
  'line-good': {
    play: async (world) => {
      const callId = await talking(world);
      world.desk.quality.take(callId, judgement({}));
      world.audio.levels.here = 0.6;
      world.audio.levels.there = 0.3;
      world.press('KeyL', { alt: true });
    },
  },
  'line-bad': {
    play: async (world) => {
      const callId = await talking(world);
      world.desk.quality.take(
        callId,
        judgement({
          ...{ grade: 'bad', silence: 'nothing_arrives', culprit: 'trunk', mos: 1 },
          in: { loss: null, jitterMs: null, mos: 1 },
        }),
      );
      world.press('KeyL', { alt: true });
    },
  },
  'line-poor': {
    play: async (world) => {
      const callId = await talking(world);
      world.desk.quality.take(callId, judgement({ grade: 'poor', culprit: 'network', mos: 3.2 }));
      await tick();
    },
  },
  'muted-talk': {
    play: async (world) => {
      const callId = await talking(world);
      world.desk.line.phone()?.setMuted(callId, true);
      world.audio.levels.here = 0.7;
      await tick(700);
    },
  },
  'microphone-lost': {
    play: async (world) => {
      await talking(world);
      world.audio.store.setState({
        notice: { what: 'microphone_lost', label: 'Practice headset', instead: 'Built-in microphone' },
      });
    },
  },
  'microphone-gone': {
    play: async (world) => {
      await talking(world);
      world.audio.store.setState((audio) => ({
        microphone: { ...audio.microphone, status: 'missing' },
        notice: { what: 'microphone_lost', label: 'Practice headset', instead: null },
      }));
    },
  },
  keys: {
    play: async (world) => {
      await world.ready();
      world.press('Slash', { alt: true });
    },
  },
  contested: {
    prepare: ({ state }) => {
      const view = goldView(Date.now());
      const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
      const [own] = view.customFields;
      const customer = {
        ...view.customer,
        contested: [
          {
            field: 'name' as const,
            value: '김*숙',
            byName: '박지민',
            at: ago(190),
            wonByName: '이서연',
            wonAt: ago(12),
            since: 7,
          },
          {
            field: `custom.${own?.key ?? 'memo'}`,
            value: '오후 통화 희망',
            byName: null,
            at: ago(60 * 24 * 40),
            wonByName: '최유진',
            wonAt: ago(55),
            since: 6,
          },
        ],
      };
      state.open = { match: 'one', view: { ...view, customer }, remembered: false, others: [] };
      state.views.set(customer.id, { ...view, customer });
    },
    play: async (world) => void (await talking(world)),
  },
  'edit-customer': {
    play: async (world) => {
      await talking(world);
      document.querySelector<HTMLElement>('[data-place="edit-customer"]')?.click();
    },
  },
  finder: {
    play: async (world) => {
      await talking(world);
      world.press('KeyK', { ctrl: true });
      await tick(300);
      world.type('김');
    },
  },
  'finder-case': {
    play: async (world) => {
      await talking(world);
      world.press('KeyK', { ctrl: true });
      await tick(300);
      world.type('#1042');
    },
  },
  'finder-own': {
    play: async (world) => {
      await talking(world);
      world.press('KeyK', { ctrl: true });
      await tick(300);
      world.type('골프');
    },
  },
  'finder-narrowed': {
    play: async (world) => {
      await talking(world);
      world.press('KeyK', { ctrl: true });
      await tick(300);
      world.type('골프');
      await tick(300);
      document.querySelector<HTMLElement>('[data-narrow]')?.click();
    },
  },
  'edit-interests': {
    play: async (world) => {
      await talking(world);
      document.querySelector<HTMLElement>('[data-place="edit-customer"]')?.click();
      await tick(300);
      document.querySelector<HTMLElement>('[role="dialog"] .mantine-MultiSelect-input input')?.click();
    },
  },
  'host-gone': {
    play: async (world) => {
      await talking(world);
      await tick(100);
      world.host.kill();
      await tick(100);
      world.type('프로그램이 꺼져도 쓴 글은 그대로 있습니다.');
    },
  },
  offline: {
    prepare: ({ state }) => {
      const at = new Date(Date.now() - 95 * MINUTE).toISOString();
      const problem = { code: 'CENTRE_UNREACHABLE' as const, next: 'check-network' as const, detail: '' };
      state.sync = { ...state.sync, phase: 'offline', pending: 7, lastContactAt: at, problem };
      const view = { ...goldView(Date.now()), asOf: at };
      state.open = { match: 'one', view, remembered: false, others: [] };
    },
    play: async (world) => void (await talking(world)),
  },
  'outage-ends': {
    prepare: ({ state }) => {
      const at = new Date(Date.now() - 11.4 * 60 * MINUTE).toISOString();
      const problem = { code: 'CENTRE_UNREACHABLE' as const, next: 'check-network' as const, detail: '' };
      state.sync = { ...state.sync, phase: 'offline', pending: 213, lastContactAt: at, problem };
      if (state.session.status === 'signed_in') {
        state.session = { ...state.session, leaseUntil: new Date(Date.now() + 34 * MINUTE).toISOString() };
      }
    },
    play: async (world) => void (await talking(world)),
  },
  wiped: {
    play: async ({ ready, desk }) => {
      await ready();
      desk.shell.store.setState({ hostFailed: new DangolError('DESK_WIPED', 'call-administrator') });
    },
  },
  'disk-full': {
    prepare: ({ state }) => {
      state.failing.set('note.draft', { code: 'DISK_FULL', next: 'free-disk-space' });
    },
    play: async (world) => {
      await talking(world);
      world.type('저장되지 않은 글');
      await tick(300);
    },
  },
};
