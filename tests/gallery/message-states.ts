import type { TimelineEntry } from '../../src/shared/customer-360.ts';
import type { Interaction } from '../../src/shared/interaction.ts';
import { goldView } from '../fakes/desk-fixtures.ts';
import type { FakeHost } from '../fakes/fake-host.ts';
import { failedMail, failedTalk, longMail, sampleForm, sampleMail, sampleTalk } from '../fakes/fake-messages.ts';
import { type GalleryState, type GalleryWorld, talking, tick } from './states.ts';

const press = (world: GalleryWorld, code: string) => world.press(code, { alt: true, shift: true });

/** The customer on screen wrote, and one of ours did not leave. */
const wrote = (host: FakeHost) =>
  wroteThese(host, (now, id) => {
    const long = longMail(now, id);
    host.state.messages.rows.set(long.whole.id, long.whole);
    return [sampleMail(now, id), failedMail(now, id), sampleMail(now, id, true), long.shown];
  });

/** The same customer in the chat and in a form; one answer was refused, and one service takes none. */
const wroteElsewhere = (host: FakeHost) =>
  wroteThese(host, (now, id) => [
    failedTalk(now, id),
    sampleTalk(now, id),
    sampleTalk(now, id, false),
    sampleForm(now, id),
  ]);

function wroteThese({ state }: FakeHost, rowsOf: (now: number, id: string) => Interaction[]): void {
  const now = Date.now();
  const view = goldView(now);
  const { id } = view.customer;
  const rows = rowsOf(now, id);
  const entries = rows.map((interaction) => ({ interaction, notes: [], mark: 'centre' as const }));
  const mail = { id: '01a2054f-e791-72f5-b2b1-bd977c3822aa', customerId: id, kind: 'email' as const };
  const point = { ...mail, value: 'mi***@example.com', e164: null, last8: null, label: null, primary: true };
  const contactPoints = [...view.contactPoints.filter(({ kind }) => kind !== 'email'), point];
  const written = { ...view, contactPoints, timeline: [...entries, ...view.timeline].slice(0, 20) };
  state.open = { match: 'one', view: written, remembered: false, others: [] };
  state.views.set(id, written);
  for (const row of rows) if (!state.messages.rows.has(row.id)) state.messages.rows.set(row.id, row);
  const customer = {
    ...{ id, name: view.customer.name, customerNumber: view.customer.customerNumber, kind: view.customer.kind },
    ...{ tier: view.customer.tier, phone: null, phoneLabel: null, lastContactAt: null },
  };
  const unknown = {
    ...sampleMail(now, null),
    id: '01a2054f-e791-72f5-b2b1-bd977c3822ab',
    subject: '가입 문의드립니다',
  };
  state.messages.waiting = [
    { interaction: sampleMail(now, id, true), customer, mark: 'centre' },
    { interaction: sampleMail(now, id), customer, mark: 'centre' },
    { interaction: unknown, customer: null, mark: 'centre' },
    { interaction: sampleTalk(now, id), customer, mark: 'centre' },
    { interaction: sampleForm(now, null), customer: null, mark: 'centre' },
  ];
}

/** A grey square. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAUElEQVR42u3PMQ0AAAgDsPlXxsODIiRwkzSpgaZ6XouAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAwGUB6O1yO2/6TgkAAAAASUVORK5CYII=';

/** As an agent opens it, with a reason. */
async function openAttachment(name: string): Promise<void> {
  const byLabel = [...document.querySelectorAll<HTMLButtonElement>('button[aria-label]')];
  const button = byLabel.find((one) => one.getAttribute('aria-label')?.includes(name));
  button?.click();
  await tick();
  const field = button?.closest('li')?.querySelector('input');
  field?.focus();
  document.execCommand('insertText', false, '영수증 금액 확인');
  await tick();
  button?.closest('li')?.querySelector('form')?.requestSubmit();
  await tick(300);
  button?.scrollIntoView({ block: 'center' });
}

/** The answer to what came by this way. */
function answering(name: string, channel: 'web' | 'message', answers = true): Record<string, GalleryState> {
  const isIt = ({ interaction: { direction, message, ...row } }: TimelineEntry) =>
    direction === 'in' && row.channel === channel && message?.via?.answers === answers;
  return {
    [name]: {
      prepare: (host) => {
        wroteElsewhere(host);
        const { open } = host.state;
        if (open.match === 'one') open.view.timeline = open.view.timeline.filter(isIt);
      },
      play: async (world) => {
        await talking(world);
        press(world, 'KeyR');
        await tick(300);
      },
    },
  };
}

/** Mails in the history, the list of those that wait, and the letter. */
export const MESSAGE_STATES: Readonly<Record<string, GalleryState>> = {
  'mail-in-history': {
    prepare: wrote,
    play: async (world) => void (await talking(world)),
  },
  'mail-whole': {
    prepare: wrote,
    play: async (world) => {
      await talking(world);
      const all = [...document.querySelectorAll('button')].findLast((one) =>
        /전체 보기|Show all/.test(one.textContent ?? ''),
      );
      all?.click();
      await tick(300);
      all?.scrollIntoView({ block: 'center' });
    },
  },
  'mail-attachment': {
    prepare: (host) => {
      wrote(host);
      host.state.messages.attachment = { state: 'given', base64: PICTURE };
    },
    play: async (world) => {
      await talking(world);
      await openAttachment('영수증.png');
    },
  },
  'mail-attachment-offline': {
    prepare: wrote,
    play: async (world) => {
      await talking(world);
      await openAttachment('영수증.png');
    },
  },
  'mail-answer': {
    prepare: wrote,
    play: async (world) => {
      await talking(world);
      press(world, 'KeyR');
      await tick(300);
    },
  },
  'mail-template': {
    prepare: (host) => {
      wrote(host);
      const { open } = host.state;
      // They speak English; the business wrote some of its sentences in both languages.
      if (open.match === 'one') open.view.customer = { ...open.view.customer, language: 'en' };
    },
    play: async (world) => {
      await talking(world);
      press(world, 'KeyR');
      await tick(300);
    },
  },
  'mail-new': {
    prepare: (host) => {
      wrote(host);
      const { open } = host.state;
      if (open.match !== 'one') return;
      open.view.timeline = open.view.timeline.filter(({ interaction }) => interaction.direction === 'out');
    },
    play: async (world) => {
      await talking(world);
      press(world, 'KeyR');
      await tick(300);
    },
  },
  'written-in-history': {
    prepare: wroteElsewhere,
    play: async (world) => void (await talking(world)),
  },
  ...answering('form-answer', 'web'),
  ...answering('talk-answer', 'message'),
  ...answering('talk-no-answers', 'message', false),
  'mail-failed': {
    prepare: wrote,
    play: async (world) => {
      await talking(world);
      const anew = [...document.querySelectorAll('button')].find((one) => /고쳐서|Correct/.test(one.textContent ?? ''));
      anew?.click();
      await tick(300);
    },
  },
  'mail-nowhere': {
    play: async (world) => {
      const { state } = world.host;
      if (state.open.match === 'one') {
        const { view } = state.open;
        view.contactPoints = view.contactPoints.filter(({ kind }) => kind !== 'email');
      }
      await talking(world);
      press(world, 'KeyR');
      await tick(300);
    },
  },
  'mail-waiting': {
    prepare: wrote,
    play: async (world) => {
      await world.ready();
      press(world, 'KeyR');
      await tick(300);
    },
  },
  'mail-none-waiting': {
    play: async (world) => {
      await world.ready();
      press(world, 'KeyR');
      await tick(300);
    },
  },
};
