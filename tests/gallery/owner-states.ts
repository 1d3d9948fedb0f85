import type { LedgerItem } from '../../src/shared/contract-follow-up.ts';
import { AGENT_ID, candidates, fixedId, goldView } from '../fakes/desk-fixtures.ts';
import type { FakeHost } from '../fakes/fake-host.ts';
import { clocksOf } from '../fakes/ledger-fixtures.ts';
import { type GalleryState, type GalleryWorld, talking, tick } from './states.ts';

const casesOf = (items: readonly LedgerItem[]) => items.flatMap((item) => (item.type === 'case' ? [item.case] : []));

/** A company, a wife who shares the number, somebody who is not on this desk, and a switchboard. */
const surrounded: GalleryState = {
  prepare: ({ state }) => {
    const [first, second] = candidates(Date.now());
    if (!first || !second) return;
    const company = {
      ...first,
      id: fixedId(950),
      name: '한빛물산',
      kind: 'company' as const,
      customerNumber: 'B-200115',
    };
    const point = goldView(Date.now()).contactPoints[0]?.id ?? '';
    state.people = {
      relations: [
        { otherId: second.id, role: 'household', customer: second, mark: 'here' },
        { otherId: company.id, role: 'employer', customer: company, mark: 'centre' },
        { otherId: fixedId(951), role: 'guardian', customer: null, mark: 'centre' },
      ],
      sharing: [
        { customer: { ...first, id: fixedId(952), name: '박*영', customerNumber: 'C-300021' }, contactPointId: point },
      ],
      more: 4,
    };
  },
};
/** With the facts' end in sight. */
async function atPeople(world: GalleryWorld): Promise<void> {
  await talking(world);
  while (!document.getElementById('people-around')) await tick();
  world.press('KeyP', { alt: true, shift: true });
  await tick();
}

/** A supervisor, and what is held about the customer on the line. */
function bySupervisor({ state }: FakeHost): void {
  const { session } = state;
  if (session.status === 'signed_in') {
    state.session = { ...session, agent: { ...session.agent, role: 'supervisor', name: '정해린' } };
  }
  const now = Date.now();
  const at = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const look = (minutes: number, agentName: string | null, action: string, context: string) => ({
    ...{ at: at(minutes), agentName, action, context },
  });
  state.disclosure = {
    ...{ at: at(0), customerNumber: 'C-104233', merged: 1, consents: goldView(now).consents },
    counts: {
      ...{ contact_point: 4, phone_pick: 1, consent: 3, relationship: 2, holding: 2, order: 6, case: 3, promise: 5 },
      ...{ interaction: 34, note: 21, looks: 112 },
    },
    looks: [
      look(2, '정해린', 'disclose', '고객이 전화로 열람 요청'),
      look(3, '이서연', 'view', 'call 01a209b7'),
      look(1500, '박지민', 'peek', '본인 확인'),
      look(9000, null, 'export', '사본 요청, 010-****-5678'),
    ],
  };
}
async function atHeld(world: GalleryWorld): Promise<void> {
  await talking(world);
  world.press('KeyV', { alt: true, shift: true });
  await tick();
  document.querySelector<HTMLInputElement>('aside form input')?.focus();
  document.execCommand('insertText', false, '고객이 전화로 열람 요청');
  await tick();
  document.querySelector<HTMLButtonElement>('aside form button[type="submit"]')?.click();
  while (!document.querySelector('aside section ul')) await tick();
}

/** What the business promised of its cases, and who is around a customer. */
export const OWNER_STATES: Readonly<Record<string, GalleryState>> = {
  'case-clocks': {
    prepare: ({ state }) => {
      const now = Date.now();
      const view = { ...goldView(now), cases: casesOf(clocksOf(now)) };
      state.ledger = clocksOf(now);
      state.views.set(view.customer.id, view);
      state.open = { match: 'one', view, remembered: false, others: [] };
    },
    play: async (world) => {
      await talking(world);
      world.press('KeyL', { alt: true, shift: true });
      await tick();
    },
  },
  'not-current': {
    prepare: ({ state }) => {
      const because = [{ code: 'bought' as const, holds: false, data: { days: 412, withinDays: 365 } }];
      const view = { ...goldView(Date.now()), current: { current: false, because } };
      state.views.set(view.customer.id, view);
      state.open = { match: 'one', view, remembered: false, others: [] };
    },
    play: async (world) => {
      await talking(world);
    },
  },
  // Several choices behind the mask: what is ticked is added.
  'edit-masked-choices': {
    prepare: ({ state }) => {
      const view = goldView(Date.now());
      const customFields = view.customFields.map((field) =>
        field.key === 'interests' ? { ...field, sensitive: true, searchable: false } : field,
      );
      const custom = { ...view.customer.custom, interests: '***' };
      const masked = { ...view, customFields, customer: { ...view.customer, custom } };
      state.open = { match: 'one', view: masked, remembered: false, others: [] };
      state.views.set(view.customer.id, masked);
    },
    play: async (world) => {
      await talking(world);
      document.querySelector<HTMLElement>('[data-place="edit-customer"]')?.click();
      await tick(300);
    },
  },
  'case-clocks-customer': {
    prepare: ({ state }) => {
      const now = Date.now();
      const view = { ...goldView(now), cases: casesOf(clocksOf(now)) };
      state.views.set(view.customer.id, view);
      state.open = { match: 'one', view, remembered: false, others: [] };
    },
    play: async (world) => {
      await talking(world);
    },
  },
  'people-around': { ...surrounded, play: atPeople },
  'people-none': { play: atPeople },
  'people-add': {
    ...surrounded,
    play: async (world) => {
      await atPeople(world);
      [...document.querySelectorAll<HTMLElement>('#people-around button')].at(-1)?.click();
      await tick();
      const field = document.querySelector<HTMLInputElement>('[role="dialog"] input');
      field?.focus();
      document.execCommand('insertText', false, '이');
      await tick(300);
    },
  },
  'privacy-reason': {
    prepare: bySupervisor,
    play: async (world) => {
      await talking(world);
      world.press('KeyV', { alt: true, shift: true });
      await tick();
    },
  },
  'privacy-held': { prepare: bySupervisor, play: atHeld },
  'privacy-erase': {
    prepare: bySupervisor,
    play: async (world) => {
      await atHeld(world);
      const field = [...document.querySelectorAll<HTMLInputElement>('aside form input')].at(-1);
      field?.focus();
      document.execCommand('insertText', false, 'C-104233');
      await tick();
    },
  },
  'facts-arranged': {
    prepare: ({ state }) => {
      const order = ['people', 'money', 'who'];
      state.settings = { ...state.settings, arrangements: { [AGENT_ID]: { order, folded: ['owns', 'orders'] } } };
    },
    play: async (world) => {
      await talking(world);
      world.press('Comma', { alt: true });
      await tick();
    },
  },
};
