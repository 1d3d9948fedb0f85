import { useStore } from 'zustand';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { CallTie, CustomerPane } from '../../stores/customer-store.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { SamePerson } from '../identity/same-person.tsx';
import { Contested } from './contested.tsx';
import classes from './customer.module.css';
import { Facts } from './facts.tsx';
import { Identity } from './identity.tsx';
import { CandidateList } from './picker-screen.tsx';
import { Timeline } from './timeline.tsx';
import { Why } from './why.tsx';

export type OpenPane = Extract<CustomerPane, { state: 'open' }>;

interface CustomerViewProps {
  paneKey: string;
  pane: OpenPane;
  tie: CallTie | null;
  ui: DeskUi;
}

/** Paint B: the whole customer from one local read. */
export function CustomerView({ paneKey, pane, tie, ui }: CustomerViewProps) {
  const { t } = useWords();
  const now = useNow(30_000);
  return (
    <div className={classes.view}>
      <div className={classes.centre}>
        <Identity paneKey={paneKey} pane={pane} now={now} ui={ui} />
        {pane.others.length > 0 && <Others paneKey={paneKey} pane={pane} tie={tie} />}
        <SamePerson view={pane.view} ui={ui} />
        <Contested view={pane.view} now={now} />
        <Why view={pane.view} now={now} />
        <Timeline view={pane.view} now={now} ui={ui} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable for those who scroll by key */}
      <aside className={classes.facts} tabIndex={0} aria-label={t('customer:facts.title')}>
        <Facts view={pane.view} now={now} ui={ui} />
      </aside>
    </div>
  );
}

/** Others have the same number: the pick of an earlier call decided, and can be changed. */
function Others({ paneKey, pane, tie }: Omit<CustomerViewProps, 'ui'>) {
  const desk = useDesk();
  const { t } = useWords();
  const gone = useStore(desk.connection, (state) => state.status === 'gone');
  if (!tie) return null;
  return (
    <details className={classes.others}>
      <summary>
        {t(pane.remembered ? 'customer:others_remembered' : 'customer:others', { n: pane.others.length })}
      </summary>
      <CandidateList
        candidates={pane.others}
        onPick={(id) => !gone && void desk.customers.pick(paneKey, tie, id, true)}
      />
    </details>
  );
}
