import { Button } from '@mantine/core';
import { useState } from 'react';
import type { DisclosureView } from '../../../shared/contract-privacy.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { Problem } from '../../components/problem.tsx';
import { Section } from '../../components/section.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { disclosureText, download } from './disclosure-file.ts';
import { Erase } from './erase.tsx';
import classes from './privacy.module.css';

interface HeldProps {
  customerId: string;
  reason: string;
  view: DisclosureView;
}

const LOOKS_SHOWN = 50;

/** How much is held, what was allowed, who looked and why; the files, and the end of it. */
export function Held({ customerId, reason, view }: HeldProps) {
  const { t } = useWords();
  return (
    <>
      <p className={classes.about}>{t('privacy:for', { reason, number: view.customerNumber })}</p>
      <Section title={t('privacy:held')}>
        <ul className={classes.counts}>
          {Object.entries(view.counts).map(([kind, n]) => (
            <li key={kind}>
              <span>{t(`privacy:kind.${kind}`)}</span>
              <b>{n}</b>
            </li>
          ))}
        </ul>
        {view.merged > 0 && <p className={classes.none}>{t('privacy:merged', { n: view.merged })}</p>}
      </Section>
      <Consents view={view} />
      <Looks view={view} />
      <Files customerId={customerId} reason={reason} />
      <Erase customerId={customerId} reason={reason} view={view} />
    </>
  );
}

function Consents({ view }: { view: DisclosureView }) {
  const { t, format } = useWords();
  return (
    <Section title={t('privacy:kind.consent')}>
      {view.consents.length === 0 && <p className={classes.none}>{t('privacy:no_consents')}</p>}
      <ul className={classes.lines}>
        {view.consents.map((one) => (
          <li key={one.id}>
            <b>{t(`privacy:status.${one.status}`)}</b> {t(`privacy:channel.${one.channel}`)} ·{' '}
            {t(`privacy:purpose.${one.purpose}`)}
            <span className={classes.dim}>
              {format.exact(one.at)} · {one.source}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Looks({ view }: { view: DisclosureView }) {
  const { t, format } = useWords();
  const now = useNow(60_000);
  return (
    <Section title={t('privacy:kind.looks')} count={view.counts.looks ?? 0}>
      <ul className={classes.lines}>
        {view.looks.slice(0, LOOKS_SHOWN).map((look) => (
          <li key={`${look.at} ${look.action} ${look.context} ${look.agentName}`}>
            <b>{look.agentName ?? t('privacy:unknown_agent')}</b> {t(`privacy:action.${look.action}`)}
            <span className={classes.dim} title={format.exact(look.at)}>
              {[format.listTime(look.at, now), look.context].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      {view.looks.length > LOOKS_SHOWN && <p className={classes.none}>{t('privacy:more_looks')}</p>}
    </Section>
  );
}

/** What leaves the desk is logged as such, each time. */
function Files({ customerId, reason }: { customerId: string; reason: string }) {
  const desk = useDesk();
  const words = useWords();
  const { t } = words;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const save = async (kind: 'json' | 'txt') => {
    setBusy(true);
    try {
      const all = await desk.api.privacy.export({ customerId, reason });
      const name = `${all.customer.customerNumber}-${all.at.slice(0, 10)}.${kind}`;
      download(name, kind === 'json' ? JSON.stringify(all, null, 2) : disclosureText(all, words));
      setSaved(name);
      setProblem(null);
    } catch (error) {
      setProblem(toDangolError(error));
    }
    setBusy(false);
  };
  return (
    <Section title={t('privacy:files')}>
      <p className={classes.none}>{t('privacy:files_about')}</p>
      <div className={classes.row}>
        <Button variant="default" size="xs" disabled={busy} onClick={() => void save('txt')}>
          {t('privacy:readable')}
        </Button>
        <Button variant="default" size="xs" disabled={busy} onClick={() => void save('json')}>
          {t('privacy:json')}
        </Button>
      </div>
      {saved && (
        <p className={classes.none} role="status">
          {t('privacy:saved', { name: saved })}
        </p>
      )}
      {problem && <Problem problem={problem} />}
    </Section>
  );
}
