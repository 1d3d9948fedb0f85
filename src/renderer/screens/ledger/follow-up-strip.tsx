import { ActionIcon, Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { fieldsOf } from '../../../shared/customer.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { newId } from '../../../shared/ids.ts';
import type { PromiseKind } from '../../../shared/work.ts';
import { OwnFieldInputs, type TypedValues, typedValues } from '../../components/own-field.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow, useShownCall } from '../../desk-context.tsx';
import { keyOfFocus } from '../../desk-work.ts';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import type { CustomerPane } from '../../stores/customer-store.ts';
import { DUE_CHOICES, type DueChoice, dueTime, fieldOfInstant, instantOfField } from './due-times.ts';
import classes from './ledger.module.css';

/** The customer whom the screen is about; null: nobody is known. */
const viewOf = (pane: CustomerPane | undefined) => (pane?.state === 'open' ? pane.view : null);

type FollowUpKind = PromiseKind | 'case';
const KINDS: readonly FollowUpKind[] = ['promise', 'callback', 'task', 'case'];

interface Words {
  kind: FollowUpKind;
  what: string;
  due: DueChoice | 'own';
  own: string;
  owner: string;
  /** The business's own fields of a case, as typed, by key. */
  fields: TypedValues;
}

const NOTHING_SAID: Words = { kind: 'promise', what: '', due: 'tomorrow', own: '', owner: '', fields: {} };

/** What was promised in this call, written down while it is said: what, by when, who. Enter keeps it. */
export function FollowUpStrip({ onClose }: { onClose: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const key = keyOfFocus(useStore(desk.calls.store, ({ focus }) => focus));
  const view = useStore(desk.customers.store, ({ panes }) => viewOf(panes[key]));
  const call = useShownCall();
  if (!view) {
    return (
      <section className={classes.strip} aria-label={t('ledger:add')}>
        <p className={classes.stripHint}>{t('ledger:no_customer')}</p>
      </section>
    );
  }
  return <Form key={view.customer.id} view={view} callId={call?.callId ?? null} onClose={onClose} />;
}

function Form({ view, callId, onClose }: { view: Customer360; callId: string | null; onClose: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const now = useNow(30_000);
  const [words, setWords] = useState<Words>(NOTHING_SAID);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const [busy, setBusy] = useState(false);
  // One act, however often it is sent.
  const id = useRef(newId());
  useEffect(() => {
    void desk.ledger.readOwners().catch(() => undefined);
  }, [desk]);
  const set = (part: Partial<Words>) => setWords((before) => ({ ...before, ...part }));
  const dueAt = words.due === 'own' ? instantOfField(words.own) : new Date(dueTime(words.due, now)).toISOString();
  const ready = words.what.trim() !== '' && dueAt !== null && !busy;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || dueAt === null) return;
    setBusy(true);
    const failed = await keep(desk, { ...words, id: id.current, view, callId, dueAt });
    setBusy(false);
    setProblem(failed);
    if (!failed) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    onClose();
  };
  return (
    <form
      className={classes.strip}
      aria-label={t('ledger:add')}
      onSubmit={(event) => void submit(event)}
      onKeyDown={onKeyDown}
    >
      <div className={classes.stripRow}>
        <SegmentedControl
          aria-label={t('ledger:kind_label')}
          value={words.kind}
          data={KINDS.map((kind) => ({ value: kind, label: t(`ledger:kind.${kind}`) }))}
          onChange={(kind) => set({ kind: kind as FollowUpKind })}
        />
        <TextInput
          className={classes.what}
          size="sm"
          autoFocus
          data-autofocus
          maxLength={300}
          aria-label={t('ledger:what')}
          placeholder={t(`ledger:what_for.${words.kind}`, { name: nameOf(t, view.customer) })}
          value={words.what}
          onChange={(event) => set({ what: event.currentTarget.value })}
        />
        <Button type="submit" size="sm" loading={busy} disabled={!ready}>
          {t('ledger:keep')}
        </Button>
        <ActionIcon aria-label={t('close')} onClick={onClose}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      <When words={words} dueAt={dueAt} now={now} onChange={set} />
      {words.kind === 'case' && <CaseFields view={view} fields={words.fields} onChange={set} />}
      {problem && <Problem problem={problem} />}
    </form>
  );
}

interface WhenProps {
  words: Words;
  dueAt: string | null;
  now: number;
  onChange: (part: Partial<Words>) => void;
}

function When({ words, dueAt, now, onChange }: WhenProps) {
  const desk = useDesk();
  const { t, format } = useWords();
  const owners = useStore(desk.ledger.store, (state) => state.owners);
  const me = useStore(desk.session.store, ({ session }) => (session?.status === 'signed_in' ? session.agent.id : ''));
  const data = [
    { value: '', label: t('ledger:me') },
    ...owners.filter(({ id }) => id !== me).map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <div className={classes.stripRow}>
      <SegmentedControl
        aria-label={t('ledger:due')}
        size="xs"
        value={words.due}
        data={[...DUE_CHOICES, 'own' as const].map((due) => ({ value: due, label: t(`ledger:due_choice.${due}`) }))}
        onChange={(due) =>
          onChange({ due: due as Words['due'], own: words.own || fieldOfInstant(dueTime('tomorrow', now)) })
        }
      />
      {words.due === 'own' ? (
        <TextInput
          type="datetime-local"
          aria-label={t('ledger:due')}
          value={words.own}
          onChange={(event) => onChange({ own: event.currentTarget.value })}
        />
      ) : (
        <span className={classes.stripHint}>{dueAt && format.exact(dueAt)}</span>
      )}
      <NativeSelect
        className={classes.owner}
        aria-label={t('ledger:owner')}
        data={data}
        value={words.owner}
        onChange={(event) => onChange({ owner: event.currentTarget.value })}
      />
    </div>
  );
}

interface CaseFieldsProps {
  view: Customer360;
  fields: Words['fields'];
  onChange: (part: Partial<Words>) => void;
}

/** What the business wants to know of every case. None has to be filled in while the customer speaks. */
function CaseFields({ view, fields, onChange }: CaseFieldsProps) {
  const { t } = useWords();
  const shown = fieldsOf(view.customFields, 'case');
  if (shown.length === 0) return null;
  return (
    <div className={classes.stripFields}>
      <OwnFieldInputs
        fields={shown}
        typed={fields}
        size="xs"
        empty={t('ledger:field_empty')}
        onChange={(typed) => onChange({ fields: typed })}
      />
    </div>
  );
}

type Kept = Words & { id: string; view: Customer360; callId: string | null; dueAt: string };

function keep(desk: ReturnType<typeof useDesk>, { kind, what, owner: ownerId, fields, id, view, callId, dueAt }: Kept) {
  const customerId = view.customer.id;
  const owner = desk.ledger.store.getState().owners.find((one) => one.id === ownerId) ?? null;
  if (kind === 'case') {
    const custom = typedValues(fields, fieldsOf(view.customFields, 'case'));
    const opened = { caseId: id, customerId, callId, subject: what, priority: 'normal', dueAt, owner } as const;
    return desk.ledger.run((api) => api.openCase({ ...opened, ...(Object.keys(custom).length > 0 ? { custom } : {}) }));
  }
  const phones = view.contactPoints.filter((point) => point.kind === 'phone');
  const point = kind === 'callback' ? (phones.find(({ primary }) => primary) ?? phones[0]) : undefined;
  return desk.ledger.run((api) =>
    api.promise({ promiseId: id, customerId, callId, kind, what, dueAt, owner, contactPointId: point?.id ?? null }),
  );
}
