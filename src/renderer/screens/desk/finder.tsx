import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconSearch, IconUser } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CustomerCandidate } from '../../../shared/customer-360.ts';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords, type Words } from '../../i18n.ts';
import { type KeyAct, keyOf } from '../../keys/key-table.ts';
import { choose } from '../../lib/choose.ts';
import { nameOf } from '../../lib/customer-name.ts';
import classes from './desk.module.css';
import { type DeskUi, EMPTY_DIAL, type SheetName } from './desk-target.ts';
import { PLACES } from './places.ts';
import { AGENT_MENU } from './rail.tsx';
import { mayWriteKnowledge, openCustomer } from './use-desk-keys.ts';

const COMMANDS: readonly KeyAct[] = [
  'dial',
  'knowledge',
  'message',
  'authoring',
  'practice',
  'attention',
  'sync',
  'settings',
  'keys',
  'ready',
];

type SheetAct = Extract<KeyAct, SheetName>;
const SHEETS: readonly KeyAct[] = [
  'practice',
  'knowledge',
  'message',
  'authoring',
  'attention',
  'sync',
  'settings',
  'keys',
];
const isSheet = (act: KeyAct): act is SheetAct => SHEETS.includes(act);

type Found =
  | { state: 'idle' }
  | { state: 'searching' }
  | { state: 'found'; candidates: readonly CustomerCandidate[]; more: boolean }
  | { state: 'failed' };

/** Customers by name, 초성 or last digits, and the commands of the desk, from one field. */
export function Finder({ ui }: { ui: DeskUi }) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const found = useSearch(text);
  useEffect(() => {
    if (found.state === 'found') chooseFirst();
  }, [found]);
  useEffect(() => {
    if (ui.finder) spotlight.open();
    else spotlight.close();
  }, [ui.finder]);
  const empty = {
    idle: t('finder.hint'),
    searching: t('finder.searching'),
    found: t('finder.nothing'),
    failed: t('finder.failed'),
  };
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      shortcut={null}
      clearQueryOnClose
      onSpotlightClose={() => ui.setFinder(false)}
      size={560}
      maxHeight={430}
      scrollable
      yOffset={118}
      withOverlay={false}
      // Without a transition the field is there at once: see lead() of the keys.
      transitionProps={{ duration: 0 }}
      shadow="xl"
      attributes={{ content: { 'aria-label': t('keys:find') } }}
      classNames={{ actionDescription: classes.foundFacts ?? '', actionLabel: classes.foundName ?? '' }}
    >
      <Spotlight.Search
        id={PLACES.finder}
        placeholder={t('finder.placeholder')}
        aria-label={t('finder.placeholder')}
        leftSection={<IconSearch size={18} />}
      />
      <Spotlight.ActionsList>
        <Customers found={found} />
        {found.state === 'found' && found.more && <Spotlight.Empty>{t('finder.more')}</Spotlight.Empty>}
        <Commands ui={ui} text={text} />
        <SignOut text={text} />
        {(found.state !== 'found' || found.candidates.length === 0) && (
          <Spotlight.Empty>{empty[found.state]}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** The library chooses the first line when something is typed, which is before the customers are found. */
function chooseFirst(): void {
  if (document.querySelector('[data-action][data-selected]')) return;
  const down = new KeyboardEvent('keydown', { code: 'ArrowDown', key: 'ArrowDown', bubbles: true });
  document.getElementById(PLACES.finder)?.dispatchEvent(down);
}

function Customers({ found }: { found: Found }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(60_000);
  if (found.state !== 'found') return null;
  return found.candidates.map((candidate) => (
    <Spotlight.Action
      key={candidate.id}
      data-candidate={candidate.id}
      label={nameOf(t, candidate)}
      description={[
        t(`customer:tier.${candidate.tier}`),
        candidate.foundCase && caseFound(t, candidate.foundCase),
        candidate.phone,
        // A case that was found takes its place on the line.
        !candidate.foundCase && candidate.customerNumber,
        candidate.lastContactAt && t('customer:last_contact', { when: format.relative(candidate.lastContactAt, now) }),
      ]
        .filter(Boolean)
        .join(' · ')}
      highlightQuery
      leftSection={<IconUser size={18} />}
      onClick={() => openCustomer(desk, candidate.id)}
    />
  ));
}

/** #1042 공유기 교체품 배송 지연 (처리 중) */
function caseFound(t: Words['t'], { number, subject, status }: NonNullable<CustomerCandidate['foundCase']>): string {
  return t('finder.case', { number, subject, status: t(`customer:case.${status}`) });
}

function Commands({ ui, text }: { ui: DeskUi; text: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const practice = useStore(desk.session.store, ({ session }) => session?.status === 'signed_in' && session.practice);
  const run = (act: KeyAct) => {
    if (act === 'dial') ui.setDial(EMPTY_DIAL);
    else if (act === 'ready') void desk.pbx.ask({ state: 'ready' });
    else if (isSheet(act)) ui.setSheet(act);
  };
  const there = COMMANDS.filter(
    (act) => (act !== 'practice' || practice) && (act !== 'authoring' || mayWriteKnowledge(desk)),
  );
  return choose(there, text, (act) => [t(`keys:${act}`)]).map((act) => (
    <Spotlight.Action
      key={act}
      label={t(`keys:${act}`)}
      highlightQuery
      rightSection={<kbd>{keyOf(act)}</kbd>}
      onClick={() => run(act)}
    />
  ));
}

/** Leads to the agent's menu: what is not yet at the centre is said there. */
function SignOut({ text }: { text: string }) {
  const { t } = useWords();
  const label = t('sign_out.do');
  if (!label.toLowerCase().includes(text.trim().toLowerCase())) return null;
  const open = () => document.querySelector<HTMLElement>(`[data-place="${AGENT_MENU}"]`)?.click();
  // After the finder has given the focus back, which would close the menu again.
  return <Spotlight.Action label={label} onClick={() => setTimeout(open)} />;
}

const SEARCH_AFTER_MS = 80;

/** What is found as one types; asked again when the first load is over: until then most customers are still on their way. */
function useSearch(text: string): Found {
  const desk = useDesk();
  const isLoading = useStore(desk.sync.store, ({ status }) => status?.phase === 'bootstrapping');
  const [found, setFound] = useState<Found>({ state: 'idle' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `isLoading` only says that it is time
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === '') return setFound({ state: 'idle' });
    let stale = false;
    setFound((before) => (before.state === 'found' ? before : { state: 'searching' }));
    const timer = setTimeout(() => {
      desk.api.customer.search({ text: wanted }).then(
        ({ candidates, more = false }) => !stale && setFound({ state: 'found', candidates, more }),
        () => !stale && setFound({ state: 'failed' }),
      );
    }, SEARCH_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [desk, text, isLoading]);
  return found;
}
