import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { NARROW_MAX, type NarrowOffer } from '../../../shared/customer-search.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { type KeyAct, keyOf } from '../../keys/key-table.ts';
import { choose } from '../../lib/choose.ts';
import classes from './desk.module.css';
import { type DeskUi, EMPTY_DIAL, type SheetName } from './desk-target.ts';
import { Customers } from './found-customers.tsx';
import { Narrowed, narrowKey, Offers } from './narrow.tsx';
import { PLACES } from './places.ts';
import { AGENT_MENU } from './rail.tsx';
import { mayWriteKnowledge } from './use-desk-keys.ts';
import { useSearch } from './use-search.ts';

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

/** Customers by name, 초성, last digits or an own field of the business, and the commands of the desk, from one field. */
export function Finder({ ui }: { ui: DeskUi }) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [narrow, setNarrow] = useState<readonly NarrowOffer[]>([]);
  const found = useSearch(text, narrow);
  useEffect(() => {
    if (found.state === 'found') chooseFirst();
  }, [found]);
  useEffect(() => {
    if (ui.finder) spotlight.open();
    else spotlight.close();
  }, [ui.finder]);
  const narrowTo = (offer: NarrowOffer) => {
    setNarrow([...narrow, offer]);
    setText('');
  };
  const offers = found.state === 'found' && narrow.length < NARROW_MAX ? found.offers : [];
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
      onSpotlightClose={() => {
        setNarrow([]);
        ui.setFinder(false);
      }}
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
        onKeyDown={(event) => {
          const [offer] = offers;
          if (narrowKey(event) === 'take' && offer) {
            event.preventDefault();
            narrowTo(offer);
          }
          if (narrowKey(event) === 'give_back') setNarrow(narrow.slice(0, -1));
        }}
      />
      <Narrowed narrow={narrow} found={found} onChange={setNarrow} />
      <Spotlight.ActionsList>
        <Customers found={found} text={text} />
        {found.state === 'found' && found.more && (
          <Spotlight.Empty c="var(--ink-2)">
            {t(narrow.length > 0 ? 'finder.more_narrow' : 'finder.more')}
          </Spotlight.Empty>
        )}
        <Offers offers={offers} onTake={narrowTo} />
        {narrow.length === 0 && <Commands ui={ui} text={text} />}
        {narrow.length === 0 && <SignOut text={text} />}
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
