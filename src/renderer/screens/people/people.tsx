import { Button } from '@mantine/core';
import { IconDots, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { PersonAround } from '../../../shared/contract-people.ts';
import type { Customer360, CustomerCandidate } from '../../../shared/customer-360.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { Drop } from '../../components/drop.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { MarkBadge } from '../../components/mark.tsx';
import { Problem } from '../../components/problem.tsx';
import { Quiet, Section } from '../../components/section.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import customer from '../customer/customer.module.css';
import type { DeskUi } from '../desk/desk-target.ts';
import { openPerson, PLACES } from '../desk/places.ts';
import { openCustomer } from '../desk/use-desk-keys.ts';
import { AddPerson } from './add-person.tsx';
import classes from './people.module.css';
import { usePeople } from './use-people.ts';

/** Who is around the customer, and who shares a number with them. Nothing until it is known: it is read after the first paint. */
export function People({ view, ui }: { view: Customer360; ui: DeskUi }) {
  const { t } = useWords();
  const people = usePeople(view);
  const [adding, setAdding] = useState(false);
  if (!people || view.partial) return null;
  const { relations, sharing, more } = people;
  const customerId = view.customer.id;
  const number = (id: string) => view.contactPoints.find((point) => point.id === id)?.value ?? '';
  const control = (
    <Button
      size="compact-xs"
      variant="default"
      leftSection={<IconUserPlus size={14} aria-hidden="true" />}
      aria-expanded={adding}
      onClick={() => setAdding(!adding)}
    >
      {t('people:add')}
    </Button>
  );
  return (
    <div id={PLACES.people}>
      <Section title={t('people:title')} count={relations.length} end={<KeyHint act="people" />}>
        {relations.length === 0 && sharing.length === 0 && <Quiet>{t('people:none')}</Quiet>}
        <ul className={customer.factList}>
          {relations.map((one) => (
            <Around key={`${one.otherId} ${one.role}`} one={one} customerId={customerId} ui={ui} />
          ))}
          {sharing.map(({ customer: other, contactPointId }) => (
            <li key={other.id} className={customer.twoLines}>
              <span className={customer.grow}>
                <OpenPerson other={other} from={customerId} ui={ui} />
                <span className={customer.dim}>{t('people:shares', { number: number(contactPointId) })}</span>
              </span>
            </li>
          ))}
        </ul>
        {more > 0 && <Quiet>{t('people:more', { n: more })}</Quiet>}
        <Drop open={adding} onClose={() => setAdding(false)} label={t('people:add')} width={300} control={control}>
          <AddPerson customerId={customerId} onDone={() => setAdding(false)} />
        </Drop>
      </Section>
    </div>
  );
}

function OpenPerson({ other, from, ui }: { other: CustomerCandidate; from: string; ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const open = () => {
    openPerson(ui, from, other.id);
    openCustomer(desk, other.id);
  };
  return (
    <button type="button" className={classes.person} onClick={open}>
      {nameOf(t, other)}
    </button>
  );
}

function Around({ one, customerId, ui }: { one: PersonAround; customerId: string; ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const practice = useStore(desk.sync.store, ({ status }) => status?.practiceStore ?? false);
  const name = one.customer ? nameOf(t, one.customer) : t('people:away');
  return (
    <li className={customer.twoLines}>
      <span className={customer.grow}>
        {one.customer ? <OpenPerson other={one.customer} from={customerId} ui={ui} /> : name}
        <span className={customer.dim}>
          {[t(`people:role.${one.role}`), one.customer?.customerNumber].filter(Boolean).join(' · ')}
        </span>
      </span>
      {one.mark !== 'centre' && <MarkBadge mark={one.mark} practice={practice} />}
      <Remove one={one} customerId={customerId} name={name} />
    </li>
  );
}

/** Two presses: a relation that is gone is asked of the customer again. */
function Remove({ one, customerId, name }: { one: PersonAround; customerId: string; name: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const { otherId, role } = one;
  const remove = () =>
    void desk.api.people.remove({ customerId, otherId, role }).then(
      () => setOpen(false),
      (error: unknown) => setProblem(toDangolError(error)),
    );
  const control = (
    <button
      type="button"
      className={classes.more}
      aria-label={t('people:change', { name, role: t(`people:role.${role}`) })}
      aria-expanded={open}
      onClick={() => setOpen(!open)}
    >
      <IconDots size={16} aria-hidden="true" />
    </button>
  );
  return (
    <Drop open={open} onClose={() => setOpen(false)} label={name} width={220} control={control}>
      <Button size="xs" variant="default" fullWidth onClick={remove}>
        {t('people:remove')}
      </Button>
      {problem && <Problem problem={problem} />}
    </Drop>
  );
}
