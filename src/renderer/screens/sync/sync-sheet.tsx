import { Button, Progress } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { DangolError } from '../../../shared/errors.ts';
import type { SyncPanel, SyncStatus } from '../../../shared/host-types.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { duration } from '../../lib/format.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './sync.module.css';

/** How this desk and the centre stand: what waits, how old the picture is, and a key to try at once. */
export function SyncSheet({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const status = useStore(desk.sync.store, (state) => state.status);
  const panel = usePanel(status);
  if (!status) return null;
  const { problem } = status;
  return (
    <div className={classes.panel}>
      <p className={classes.lead} data-phase={status.phase} role="status">
        {t(`sync_panel.lead.${status.phase}`)}
      </p>
      {problem && problem.code !== 'CENTRE_UNREACHABLE' && (
        <Problem problem={new DangolError(problem.code, problem.next)} />
      )}
      {status.progress && <FirstLoad progress={status.progress} />}
      <Button
        className={classes.tryNow}
        aria-keyshortcuts="Alt+V"
        rightSection={<KeyHint act="try_now" />}
        onClick={() => void desk.sync.tryNow().catch(() => undefined)}
      >
        {t('sync_panel.try_now')}
      </Button>
      {panel && <Waiting panel={panel} />}
      <Facts status={status} panel={panel} ui={ui} />
    </div>
  );
}

/** Counted by the host when asked: on opening, and whenever the status changed. */
function usePanel(status: SyncStatus | null): SyncPanel | null {
  const desk = useDesk();
  const [panel, setPanel] = useState<SyncPanel | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new status means other counts
  useEffect(() => {
    let stale = false;
    desk.api.sync.panel({}).then(
      (read) => !stale && setPanel(read),
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [desk, status]);
  return panel;
}

function FirstLoad({ progress }: { progress: NonNullable<SyncStatus['progress']> }) {
  const { t, format } = useWords();
  const { done, total, secondsLeft, rowsPerSecond } = progress;
  return (
    <div className={classes.load}>
      <Progress value={total > 0 ? (done / total) * 100 : 0} aria-label={t('bootstrap.what')} />
      <div className={classes.loadFacts}>
        <span>{t('sync_panel.rows', { done: format.number(done), total: format.number(total) })}</span>
        {rowsPerSecond != null && <span>{t('sync_panel.rate', { n: format.number(rowsPerSecond) })}</span>}
        <span>
          {secondsLeft === null
            ? t('sync_panel.counting')
            : t('sync_panel.left', { time: duration(secondsLeft * 1000) })}
        </span>
      </div>
    </div>
  );
}

function Facts({ status, panel, ui }: { status: SyncStatus; panel: SyncPanel | null; ui: DeskUi }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(1000);
  const lease = useStore(desk.session.store, ({ session }) =>
    session?.status === 'signed_in' ? session.leaseUntil : null,
  );
  const age = (at: string | null | undefined) =>
    at ? <span title={format.exact(at)}>{format.relative(at, now)}</span> : t('sync_panel.never');
  const untilNext = status.nextTryAt === null ? null : Date.parse(status.nextTryAt) - now;
  return (
    <dl className={classes.facts}>
      <Fact name={t('sync_panel.last_contact')}>{age(status.lastContactAt)}</Fact>
      <Fact name={t('sync_panel.as_of')}>{age(status.caughtUpAt)}</Fact>
      {untilNext !== null && <Fact name={t('sync_panel.next_try')}>{duration(untilNext)}</Fact>}
      {panel?.lastTripMs != null && (
        <Fact name={t('sync_panel.trip')}>
          {t('sync_panel.trip_value', {
            seconds: format.number(Math.max(0.1, Math.round(panel.lastTripMs / 100) / 10)),
          })}
        </Fact>
      )}
      {panel && (
        <Fact name={t('sync_panel.customers')}>
          {t('sync_panel.customers_value', { n: format.number(panel.customers) })}
        </Fact>
      )}
      {panel?.audit && (
        <Fact name={t('sync_panel.audit')}>
          {t(panel.audit.repaired > 0 ? 'sync_panel.audit_repaired' : 'sync_panel.audit_fine', {
            at: format.relative(panel.audit.checkedAt, now),
            n: format.number(panel.audit.repaired),
          })}
        </Fact>
      )}
      {lease && (
        <Fact name={t('sync_panel.lease')}>{t('sync_panel.lease_value', { at: format.listTime(lease, now) })}</Fact>
      )}
      {status.attention > 0 && (
        <Fact name={t('sync_panel.attention')}>
          {t('sync_panel.attention_value', { n: status.attention })}{' '}
          <Button variant="default" size="compact-xs" onClick={() => ui.setSheet('attention')}>
            {t('sync_panel.open_attention')}
          </Button>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Waiting({ panel }: { panel: SyncPanel }) {
  const { t, format } = useWords();
  const now = useNow(10_000);
  return (
    <section aria-label={t('sync_panel.waiting')}>
      <h3 className={classes.subtitle}>{t('sync_panel.waiting')}</h3>
      {panel.waiting.length === 0 && <p className={classes.none}>{t('sync_panel.nothing_waits')}</p>}
      <ul className={classes.waiting}>
        {panel.waiting.map(({ kind, n, ofOthers, oldestAt }) => (
          <li key={kind}>
            <span>{t(`attention.kind.${kind.replace('.', '_')}`)}</span>
            <span className={classes.count}>{t('sync_panel.count', { n: format.number(n) })}</span>
            <span className={classes.quiet} title={format.exact(oldestAt)}>
              {t('sync_panel.oldest', { age: format.relative(oldestAt, now) })}
              {ofOthers > 0 && ` · ${t('sync_panel.of_others', { n: ofOthers })}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
