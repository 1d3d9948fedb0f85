import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconCloudSearch, IconSearch, IconUserPlus } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CustomerCandidate } from '../../../shared/customer-360.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { newId } from '../../../shared/ids.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import type { CallTie, CustomerPane } from '../../stores/customer-store.ts';
import { PLACES } from '../desk/places.ts';
import { AsOf } from './as-of.tsx';
import classes from './customer.module.css';
import { CandidateList } from './picker-screen.tsx';

interface NewCustomerProps {
  paneKey: string;
  /** null: the caller withheld the number. */
  pane: Extract<CustomerPane, { state: 'none' }> | null;
  tie: CallTie | null;
}

/** Nobody known has this number, or it is withheld: find who it is, ask the centre, or write them down. */
export function NewCustomerScreen({ paneKey, pane, tie }: NewCustomerProps) {
  const { t } = useWords();
  return (
    <div className={classes.alone}>
      <h1 className={classes.title} elementtiming="paint-b">
        {t(pane ? 'customer:new.title' : 'customer:withheld.title')}
      </h1>
      <p className={classes.lead}>
        {t(pane ? 'customer:new.text' : 'customer:withheld.text')} {pane && <AsOf asOf={pane.asOf} />}
      </p>
      {pane && tie && <AskCentre paneKey={paneKey} pane={pane} tie={tie} />}
      <div className={classes.twoWays}>
        <FindExisting paneKey={paneKey} tie={tie} />
        <QuickCreate paneKey={paneKey} tie={tie} />
      </div>
    </div>
  );
}

function AskCentre({
  paneKey,
  pane,
  tie,
}: {
  paneKey: string;
  pane: Extract<CustomerPane, { state: 'none' }>;
  tie: CallTie;
}) {
  const desk = useDesk();
  const { t } = useWords();
  return (
    <div className={classes.ask}>
      <Button
        size="sm"
        variant="default"
        leftSection={<IconCloudSearch size={16} />}
        loading={pane.asking === 'asking'}
        disabled={pane.asking === 'unknown_there'}
        onClick={() => void desk.customers.askCentre(paneKey, tie)}
      >
        {t('customer:new.ask_centre')}
      </Button>
      {pane.asking === 'unknown_there' && <span>{t('customer:new.unknown_there')}</span>}
      {pane.problem && <Problem problem={pane.problem} onRetry={() => void desk.customers.askCentre(paneKey, tie)} />}
    </div>
  );
}

function FindExisting({ paneKey, tie }: { paneKey: string; tie: CallTie | null }) {
  const desk = useDesk();
  const { t } = useWords();
  const [text, setText] = useState('');
  const [candidates, setCandidates] = useState<readonly CustomerCandidate[] | null>(null);
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const results = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const list = results.current;
    // The agent asked for them and is still here: the next key chooses.
    if (candidates && list?.parentElement?.contains(document.activeElement)) list.querySelector('button')?.focus();
  }, [candidates]);
  const search = (event: FormEvent) => {
    event.preventDefault();
    desk.api.customer.search({ text: text.trim() }).then(
      (found) => {
        setProblem(null);
        setMore(found.more === true);
        setCandidates(found.candidates);
      },
      (error: unknown) => {
        setProblem(toDangolError(error));
        setCandidates(null);
      },
    );
  };
  const pick = (id: string) => tie && void desk.customers.pick(paneKey, tie, id, false);
  return (
    <section aria-label={t('customer:find.title')}>
      <h2>
        {t('customer:find.title')} <KeyHint act="find" />
      </h2>
      <form className={classes.row} onSubmit={search}>
        <TextInput
          id={PLACES.findHere}
          size="sm"
          className={classes.grow}
          aria-label={t('finder.placeholder')}
          aria-keyshortcuts="Control+K"
          placeholder={t('finder.placeholder')}
          leftSection={<IconSearch size={15} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" variant="default" disabled={text.trim() === ''}>
          {t('customer:find.do')}
        </Button>
      </form>
      {/* Not "nobody": who reads that writes them down a second time. */}
      {problem && <Problem problem={problem} />}
      {candidates?.length === 0 && <p className={classes.dim}>{t('finder.nothing')}</p>}
      <div ref={results}>
        {candidates && candidates.length > 0 && <CandidateList candidates={candidates} onPick={pick} />}
      </div>
      {candidates && more && <p className={classes.dim}>{t('finder.more')}</p>}
    </section>
  );
}

function QuickCreate({ paneKey, tie }: { paneKey: string; tie: CallTie | null }) {
  const desk = useDesk();
  const { t, language } = useWords();
  // One id for this form: pressing twice, or again after a host that died, makes one customer.
  const [customerId] = useState(newId);
  const [name, setName] = useState('');
  const [kind, setKind] = useState<'person' | 'company'>('person');
  const [problem, setProblem] = useState<DangolError | null>(null);
  const [busy, setBusy] = useState(false);
  const gone = useStore(desk.connection, (state) => state.status === 'gone');
  const create = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(await desk.customers.create(paneKey, tie, { customerId, name: name.trim(), kind, language }));
    setBusy(false);
  };
  return (
    <section aria-label={t('customer:create.title')}>
      <h2>{t('customer:create.title')}</h2>
      <form className={classes.createForm} onSubmit={(event) => void create(event)}>
        <SegmentedControl
          aria-label={t('customer:create.kind')}
          value={kind}
          data={[
            { value: 'person', label: t('customer:kind.person') },
            { value: 'company', label: t('customer:kind.company') },
          ]}
          onChange={(value) => setKind(value === 'company' ? 'company' : 'person')}
        />
        <div className={classes.row}>
          <TextInput
            size="sm"
            className={classes.grow}
            aria-label={t(`customer:create.name_${kind}`)}
            placeholder={t(`customer:create.name_${kind}`)}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button
            type="submit"
            size="sm"
            leftSection={<IconUserPlus size={16} />}
            loading={busy}
            disabled={name.trim() === '' || gone}
          >
            {t('customer:create.do')}
          </Button>
        </div>
        <p className={classes.dim}>
          {t(tie?.number ? 'customer:create.with_number' : 'customer:create.without_number')}
        </p>
        {problem && <Problem problem={problem} />}
      </form>
    </section>
  );
}
