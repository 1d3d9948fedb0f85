import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { MergePreview } from '../../../shared/contract-identity.ts';
import type { Customer360, CustomerCandidate } from '../../../shared/customer-360.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { keyOfFocus } from '../../desk-work.ts';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { CandidateList } from '../customer/picker-screen.tsx';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './identity.module.css';
import { MergeForm } from './merge-form.tsx';
import { Merged } from './same-person.tsx';
import { SplitForm } from './split-form.tsx';
import { useIdentity } from './use-identity.ts';

/** The customer on screen and somebody who may be the same person, side by side: what a merge would do, and the merge. */
export function MergeSheet({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const key = keyOfFocus(useStore(desk.calls.store, ({ focus }) => focus));
  const pane = useStore(desk.customers.store, ({ panes }) => panes[key]);
  if (pane?.state !== 'open') return <p className={classes.none}>{t('identity:nobody')}</p>;
  if (pane.view.version === null && pane.view.mark === 'centre') {
    return <p className={classes.none}>{t('identity:only_centre')}</p>;
  }
  return <Pairs key={pane.view.customer.id} view={pane.view} onDone={() => ui.setSheet(null)} />;
}

function Pairs({ view, onDone }: { view: Customer360; onDone: () => void }) {
  const { t } = useWords();
  const { same, merged, known } = useIdentity(view);
  const [chosen, setChosen] = useState<string | null>(null);
  const other = chosen ?? same[0]?.id ?? null;
  if (!known) return null;
  return (
    <>
      {merged.length > 0 && (
        <section aria-label={t('identity:merged_before')}>
          <h3 className={classes.heading}>{t('identity:merged_before')}</h3>
          {merged.map((one) => (
            <Merged key={one.mergeId} one={one} customerId={view.customer.id} />
          ))}
        </section>
      )}
      {same.length > 1 && (
        <CandidateList candidates={same.filter(({ id }) => id !== other)} onPick={(id) => setChosen(id)} />
      )}
      {other === null ? (
        <p className={classes.none}>{t('identity:none')}</p>
      ) : (
        <Preview key={other} ids={[view.customer.id, other]} onDone={onDone} />
      )}
      <FindOther self={view.customer.id} autoFocus={other === null} onPick={setChosen} />
      <SplitForm view={view} onDone={onDone} />
    </>
  );
}

/** Reads what the merge would do, and again the other way round. */
function Preview({ ids, onDone }: { ids: readonly [string, string]; onDone: () => void }) {
  const desk = useDesk();
  const [swapped, setSwapped] = useState(false);
  const [preview, setPreview] = useState<MergePreview | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const [customerId, goneId] = swapped ? [ids[1], ids[0]] : ids;
  useEffect(() => {
    let current = true;
    desk.api.identity.preview({ customerId, goneId }).then(
      (read) => current && setPreview(read),
      (error: unknown) => current && setProblem(toDangolError(error)),
    );
    return () => {
      current = false;
    };
  }, [desk, customerId, goneId]);
  if (problem) return <Problem problem={problem} />;
  if (preview?.kept.id !== customerId) return null;
  return <MergeForm key={customerId} preview={preview} onSwap={() => setSwapped(!swapped)} onDone={onDone} />;
}

interface FindOtherProps {
  self: string;
  autoFocus: boolean;
  onPick: (id: string) => void;
}

/** Somebody whom nothing but the agent's own knowledge names. */
function FindOther({ self, autoFocus, onPick }: FindOtherProps) {
  const desk = useDesk();
  const { t } = useWords();
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly CustomerCandidate[] | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const find = (event: FormEvent) => {
    event.preventDefault();
    desk.api.customer.search({ text }).then(
      ({ candidates }) => setFound(candidates.filter(({ id }) => id !== self)),
      (error: unknown) => setProblem(toDangolError(error)),
    );
  };
  return (
    <section className={classes.find} aria-label={t('identity:find')}>
      <form className={classes.row} onSubmit={find}>
        <TextInput
          className={classes.grow}
          autoFocus={autoFocus}
          data-autofocus={autoFocus}
          aria-label={t('identity:find')}
          placeholder={t('identity:find')}
          leftSection={<IconSearch size={15} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={text.trim() === ''}>
          {t('customer:find.do')}
        </Button>
      </form>
      {problem && <Problem problem={problem} />}
      {found?.length === 0 && <p className={classes.none}>{t('finder.nothing')}</p>}
      {found && found.length > 0 && <CandidateList candidates={found} onPick={onPick} />}
    </section>
  );
}
