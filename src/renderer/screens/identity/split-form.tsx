import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useId, useRef, useState } from 'react';
import type { Customer360 } from '../../../shared/customer-360.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { newId } from '../../../shared/ids.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { openCustomer } from '../desk/use-desk-keys.ts';
import classes from './identity.module.css';

/** Two people were written down as one: what is the other one's is ticked, and goes to a customer of their own. */
export function SplitForm({ view, onDone }: { view: Customer360; onDone: () => void }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(60_000);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<DangolError | null>(null);
  // One act, however often it is sent.
  const customerId = useRef(newId());
  const ready = name.trim() !== '' && chosen.size > 0;
  const split = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const idsOf = (ids: readonly string[]) => ids.filter((id) => chosen.has(id));
    const contactPointIds = idsOf(view.contactPoints.map(({ id }) => id));
    const interactionIds = idsOf(view.timeline.map(({ interaction }) => interaction.id));
    const act = { customerId: customerId.current, fromId: view.customer.id, name, contactPointIds, interactionIds };
    desk.api.identity.split(act).then(
      () => {
        onDone();
        openCustomer(desk, act.customerId);
      },
      (error: unknown) => setProblem(toDangolError(error)),
    );
  };
  const toggle = (id: string) =>
    setChosen(new Set(chosen.has(id) ? [...chosen].filter((c) => c !== id) : [...chosen, id]));
  const contacts = view.timeline.map(({ interaction }) => ({
    id: interaction.id,
    label: `${format.relative(interaction.startedAt, now)} · ${interaction.subject ?? t(`customer:channel.${interaction.channel}`)}`,
  }));
  return (
    <details className={classes.find}>
      <summary>{t('identity:split.title')}</summary>
      <form className={classes.form} aria-label={t('identity:split.title')} onSubmit={split}>
        <p className={classes.dim}>{t('identity:split.lead')}</p>
        <TextInput
          label={t('identity:split.name')}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Ticks
          legend={t('identity:split.points')}
          rows={view.contactPoints.map(({ id, value, label }) => ({
            id,
            label: [value, label].filter(Boolean).join(' · '),
          }))}
          chosen={chosen}
          onToggle={toggle}
        />
        <Ticks legend={t('identity:split.contacts')} rows={contacts} chosen={chosen} onToggle={toggle} />
        {problem && <Problem problem={problem} />}
        <Button type="submit" disabled={!ready}>
          {t('identity:split.do')}
        </Button>
      </form>
    </details>
  );
}

interface TicksProps {
  legend: string;
  rows: readonly { id: string; label: string }[];
  chosen: ReadonlySet<string>;
  onToggle: (id: string) => void;
}

function Ticks({ legend, rows, chosen, onToggle }: TicksProps) {
  const prefix = useId();
  if (rows.length === 0) return null;
  return (
    <fieldset className={classes.choice}>
      <legend>{legend}</legend>
      {rows.map(({ id, label }) => (
        <label key={id} className={classes.value} htmlFor={`${prefix}${id}`}>
          <input id={`${prefix}${id}`} type="checkbox" checked={chosen.has(id)} onChange={() => onToggle(id)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
