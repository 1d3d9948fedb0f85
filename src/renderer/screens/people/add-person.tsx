import { NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { CustomerCandidate } from '../../../shared/customer-360.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { newId } from '../../../shared/ids.ts';
import { RelationRole } from '../../../shared/relationship.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import classes from './people.module.css';

const SHOWN = 5;
const TYPING_MS = 120;

/** What the other one is, then who: found as in the finder. */
export function AddPerson({ customerId, onDone }: { customerId: string; onDone: () => void }) {
  const desk = useDesk();
  const { t } = useWords();
  const [role, setRole] = useState<RelationRole>('household');
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<DangolError | null>(null);
  const found = useFound(text, customerId);
  // The same act however often it is pressed.
  const [ids] = useState(() => ({ relationId: newId(), mirrorId: newId() }));
  const add = (other: CustomerCandidate) =>
    void desk.api.people
      .add({ ...ids, customerId, otherId: other.id, role })
      .then(onDone, (error: unknown) => setProblem(toDangolError(error)));
  return (
    <div className={classes.add}>
      <NativeSelect
        size="xs"
        label={t('people:what')}
        data={RelationRole.options.map((value) => ({ value, label: t(`people:role.${value}`) }))}
        value={role}
        onChange={(event) => setRole(RelationRole.parse(event.currentTarget.value))}
      />
      <TextInput
        size="xs"
        label={t('people:who')}
        placeholder={t('people:find')}
        maxLength={100}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ul className={classes.found} aria-label={t('people:found')}>
        {found.slice(0, SHOWN).map((other) => (
          <li key={other.id}>
            <button type="button" onClick={() => add(other)}>
              <b>{nameOf(t, other)}</b> {other.customerNumber} {other.phone}
            </button>
          </li>
        ))}
      </ul>
      {text.trim() !== '' && found.length === 0 && <p className={classes.none}>{t('people:nobody')}</p>}
      {problem && <Problem problem={problem} />}
    </div>
  );
}

/** Customers by name, 초성 or last digits, but not this one. */
function useFound(text: string, customerId: string): readonly CustomerCandidate[] {
  const desk = useDesk();
  const [found, setFound] = useState<{ text: string; candidates: readonly CustomerCandidate[] }>({
    ...{ text: '', candidates: [] },
  });
  useEffect(() => {
    if (text.trim() === '') return;
    let current = true;
    const timer = setTimeout(() => {
      desk.api.customer.search({ text }).then(
        ({ candidates }) => current && setFound({ text, candidates }),
        () => undefined,
      );
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [desk, text]);
  return found.text === text ? found.candidates.filter(({ id }) => id !== customerId) : [];
}
