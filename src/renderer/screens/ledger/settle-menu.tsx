import { Button, TextInput } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { CustomField } from '../../../shared/customer.ts';
import type { DangolError } from '../../../shared/errors.ts';
import type { Case, CaseChange, CustomerPromise, PromiseChange } from '../../../shared/work.ts';
import { Drop } from '../../components/drop.tsx';
import { OwnFieldInputs, seenChoices, type TypedValues, typedValues } from '../../components/own-field.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow, useShownCall } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { type DueChoice, dueTime } from './due-times.ts';
import classes from './ledger.module.css';

/** What can be said about something that is owed: a word for the button, what it changes, whether it needs a reason. */
interface Choice<Change> {
  name: string;
  change: Change;
  why?: 'needed';
}

function promiseChoices(now: number): Choice<PromiseChange>[] {
  const later = (choice: DueChoice) => ({ dueAt: new Date(dueTime(choice, now)).toISOString() });
  return [
    { name: 'kept', change: { status: 'kept' } },
    { name: 'broken', change: { status: 'broken' }, why: 'needed' },
    { name: 'hour', change: later('hour') },
    { name: 'tomorrow', change: later('tomorrow') },
    { name: 'withdrawn', change: { status: 'withdrawn' }, why: 'needed' },
  ];
}

function caseChoices(row: Case): Choice<CaseChange>[] {
  const owesAnswer = row.clock !== undefined && row.clock.answerBy !== null && row.clock.answeredAt === null;
  return [
    ...(owesAnswer ? [{ name: 'answered', change: { answered: true as const } }] : []),
    { name: 'closed', change: { status: 'closed' } },
    row.status === 'waiting'
      ? { name: 'reopen', change: { status: 'open' } }
      : { name: 'waiting', change: { status: 'waiting' } },
    { name: 'escalate', change: { escalate: true }, why: 'needed' },
  ];
}

/** Kept, broken, put off: one key each, with a reason where one is owed. */
export function SettlePromise({ promise }: { promise: CustomerPromise }) {
  const desk = useDesk();
  const now = useNow(60_000);
  const callId = useShownCall()?.callId ?? null;
  const { id: promiseId, customerId } = promise;
  return (
    <Settle
      of={promise.what}
      choices={promiseChoices(now)}
      onChoose={(change, why) =>
        desk.ledger.run((api) => api.changePromise({ promiseId, customerId, callId, change, why }))
      }
    />
  );
}

/** @param fields those that the business added to its cases: they are filled in here, too. */
export function SettleCase({ row, fields = [] }: { row: Case; fields?: readonly CustomField[] }) {
  const desk = useDesk();
  const callId = useShownCall()?.callId ?? null;
  const { id: caseId, customerId } = row;
  const onChoose = (change: CaseChange, why: string | null, seen?: Record<string, string[]>) =>
    desk.ledger.run((api) => api.changeCase({ caseId, customerId, callId, change, why, ...(seen ? { seen } : {}) }));
  return (
    <Settle of={row.subject} choices={caseChoices(row)} onChoose={onChoose}>
      {(onDone) =>
        fields.length > 0 && <CaseFields fields={fields} custom={row.custom} onSave={onChoose} onDone={onDone} />
      }
    </Settle>
  );
}

interface CaseFieldsProps {
  fields: readonly CustomField[];
  custom: Case['custom'];
  onSave: (change: CaseChange, why: null, seen: Record<string, string[]>) => Promise<DangolError | null>;
  onDone: () => void;
}

/** What the business wants to know of a case. What is left empty stays as it is. */
function CaseFields({ fields, custom: now, onSave, onDone }: CaseFieldsProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState<TypedValues>({});
  const [problem, setProblem] = useState<DangolError | null>(null);
  const custom = typedValues(typed, fields);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const failed = await onSave({ custom }, null, seenChoices(typed));
    setProblem(failed);
    if (!failed) onDone();
  };
  return (
    <form className={classes.ownFields} aria-label={t('ledger:own_fields')} onSubmit={(event) => void save(event)}>
      <OwnFieldInputs
        fields={fields}
        typed={typed}
        custom={now}
        size="xs"
        empty={t('customer:edit.unchanged')}
        onChange={setTyped}
      />
      {problem && <Problem problem={problem} />}
      <Button type="submit" size="xs" disabled={Object.keys(custom).length === 0}>
        {t('customer:edit.save')}
      </Button>
    </form>
  );
}

interface SettleProps<Change> {
  of: string;
  choices: readonly Choice<Change>[];
  onChoose: (change: Change, why: string | null) => Promise<DangolError | null>;
  /** What stands under the choices. */
  children?: (onDone: () => void) => ReactNode;
}

function Settle<Change>({ of, choices, onChoose, children }: SettleProps<Change>) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const control = (
    <button
      type="button"
      className={classes.settle}
      aria-label={t('ledger:settle', { what: of })}
      aria-expanded={open}
      onClick={() => setOpen(!open)}
    >
      <IconDots size={16} aria-hidden="true" />
    </button>
  );
  return (
    <Drop open={open} onClose={() => setOpen(false)} label={of} width={280} control={control}>
      <Choices choices={choices} onChoose={onChoose} onDone={() => setOpen(false)} />
      {children?.(() => setOpen(false))}
    </Drop>
  );
}

type ChoicesProps<Change> = Pick<SettleProps<Change>, 'choices' | 'onChoose'> & { onDone: () => void };

function Choices<Change>({ choices, onChoose, onDone }: ChoicesProps<Change>) {
  const { t } = useWords();
  const [why, setWhy] = useState('');
  const [problem, setProblem] = useState<DangolError | null>(null);
  const choose = async ({ change }: Choice<Change>) => {
    const failed = await onChoose(change, why.trim() === '' ? null : why.trim());
    setProblem(failed);
    if (!failed) onDone();
  };
  return (
    <div className={classes.choices}>
      <TextInput
        label={t('ledger:why')}
        maxLength={300}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <div className={classes.choiceRow}>
        {choices.map((choice) => (
          <Button
            key={choice.name}
            size="xs"
            variant="default"
            disabled={choice.why === 'needed' && why.trim().length < 2}
            onClick={() => void choose(choice)}
          >
            {t(`ledger:act.${choice.name}`)}
          </Button>
        ))}
      </div>
      <p className={classes.stripHint}>{t('ledger:why_needed')}</p>
      {problem && <Problem problem={problem} />}
    </div>
  );
}
