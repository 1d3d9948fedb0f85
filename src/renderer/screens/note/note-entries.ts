import { useStore } from 'zustand';
import type { Customer360 } from '../../../shared/customer-360.ts';
import type { Language } from '../../../shared/text.ts';
import type { MergeField, TextBlock } from '../../../shared/text-block.ts';
import { useDesk, useSeesCustomers, useShownCall } from '../../desk-context.tsx';
import { keyOfFocus } from '../../desk-work.ts';
import { useWords, type Words } from '../../i18n.ts';
import { doneInCall, nothingDone } from '../../lib/call-summary.ts';
import { choose } from '../../lib/choose.ts';
import { nameOf } from '../../lib/customer-name.ts';
import { Formats } from '../../lib/format.ts';
import { chooseBlocks, fillBlock, type MergeValues, type Trigger } from '../../lib/note-words.ts';
import type { DeskCall } from '../../stores/call-store.ts';
import { useCallerNumber, useQueueName } from '../call/caller-line.tsx';
import { asLines } from './summary-lines.ts';

/** One line of the list beside the caret. */
export interface NoteEntry {
  id: string;
  label: string;
  /** What is typed for it; a case's number. */
  code: string;
  /** What goes into the note, with its fields filled in. */
  text: string;
}

/** The customer on screen, as far as the screen shows them: nobody while the desk is locked. */
export function useShownView(): Customer360 | null {
  const desk = useDesk();
  const key = keyOfFocus(useStore(desk.calls.store, ({ focus }) => focus));
  const seen = useSeesCustomers();
  return useStore(desk.customers.store, ({ panes }) => {
    const pane = panes[key];
    return seen && pane?.state === 'open' ? pane.view : null;
  });
}

/** What the screen knows for the fields of a text block: names and numbers masked, as it shows them. `language`: of whoever reads it. */
export function useMergeValues(language?: Language): () => MergeValues {
  const desk = useDesk();
  const words = useWords();
  const spoken = language ?? words.language;
  const call = useShownCall();
  const view = useShownView();
  const number = useCallerNumber(call);
  const queue = useQueueName(call?.queue ?? null);
  const agent = useStore(desk.session.store, ({ session }) =>
    session?.status === 'signed_in' ? session.agent.name : null,
  );
  return () => {
    const now = new Date(desk.now());
    const time = words.format.clockTime(desk.now()).slice(0, 5);
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, '0')).join('-');
    return {
      customer: view && nameOf(words.t, view.customer),
      number: call?.caller.number ? number : null,
      agent,
      today: spoken === words.language ? words.format.day(day) : new Formats(spoken, '').day(day),
      now: time,
      queue,
      product: productsOf(view, { language: spoken })[0] ?? null,
      case: view?.cases.find((one) => one.number !== '')?.number ?? null,
    };
  };
}

function productsOf(view: Customer360 | null, { language }: Pick<Words, 'language'>): string[] {
  const running = view?.holdings.filter(({ status }) => status !== 'ended') ?? [];
  return [...new Set(running.flatMap(({ product }) => (product ? [product.name[language]] : [])))];
}

/** The business's text blocks that may be offered here. */
export function useTextBlocks(): readonly TextBlock[] {
  const desk = useDesk();
  return useStore(desk.session.store, ({ catalogue }) => catalogue.textBlocks);
}

/** A text block as it goes into the note now. */
export function useFilled(): (block: TextBlock) => NoteEntry {
  const { t, language } = useWords();
  const values = useMergeValues();
  const gap = (field: MergeField) => t(`note.field.${field}`);
  return (block) => ({
    id: block.id,
    label: block.label[language],
    code: block.code,
    text: fillBlock(block.text, values(), gap),
  });
}

const MOST = 8;

/** What the list shows for the word at the caret; empty: nothing fits. */
export function useEntries(trigger: Trigger | null): NoteEntry[] {
  const words = useWords();
  const blocks = useTextBlocks();
  const call = useShownCall();
  const view = useShownView();
  const filled = useFilled();
  const summary = useSummary(call, view);
  if (!trigger) return [];
  const { language, t } = words;
  if (trigger.kind === 'block') {
    const found = chooseBlocks(blocks, trigger.query, { language, dispositionCode: call?.dispositionCode ?? null });
    const asked = summary ? choose([summary], trigger.query, ({ label, code }) => [label, code]) : [];
    return [...found.map(filled), ...asked].slice(0, MOST);
  }
  const cases = (view?.cases ?? []).map((one) => ({
    ...{ id: one.id, label: one.subject, code: one.number },
    text: t('note.mention.case', { number: one.number, subject: one.subject }).replace(/ {2,}/g, ' '),
  }));
  const products = productsOf(view, words).map((name) => ({
    ...{ id: name, label: name, code: t('note.field.product') },
    text: t('note.mention.product', { name }),
  }));
  return choose([...cases, ...products], trigger.query, ({ label, code }) => [label, code]).slice(0, MOST);
}

function useSummary(call: DeskCall | null, view: Customer360 | null): NoteEntry | null {
  const desk = useDesk();
  const words = useWords();
  const dispositions = useStore(desk.session.store, ({ catalogue }) => catalogue.dispositions);
  if (!call) return null;
  const done = doneInCall(call, view);
  if (nothingDone(done)) return null;
  const text = asLines(done, words, dispositions).join('\n');
  return { id: 'summary', label: words.t('note.summary.label'), code: words.t('note.summary.code'), text };
}
