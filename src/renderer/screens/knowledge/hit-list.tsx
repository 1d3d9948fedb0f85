import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { KnowledgeAbout, KnowledgeHit } from '../../../shared/knowledge.ts';
import { Problem } from '../../components/problem.tsx';
import { useWords } from '../../i18n.ts';
import { PLACES } from '../desk/places.ts';
import { type CiteInto, safeBeside } from './cite.ts';
import classes from './knowledge.module.css';
import type { Press } from './knowledge-panel.tsx';
import { PressButtons } from './press-buttons.tsx';
import { useReasonWords } from './reason-words.ts';
import { type Listing, useListing } from './use-knowledge.ts';

const LIST = 'knowledge-list';
const optionId = (id: string) => `knowledge-hit-${id}`;

interface HitListProps {
  focused: boolean;
  into: CiteInto;
  text: string;
  onText: (text: string) => void;
  about: KnowledgeAbout;
  onOpen: (id: string) => void;
  onPress: Press;
  /** What the last press did. */
  news: ReactNode;
}

/** Search as one types; arrows choose, Enter opens. Without a text: what fits the call, with why. */
export function HitList({ focused, into, text, onText, about, onOpen, onPress, news }: HitListProps) {
  const { t } = useWords();
  const { listing, problem, retry } = useListing(text, about);
  const [chosen, setChosen] = useState<string | null>(null);
  const hits = listing?.hits ?? [];
  const at = Math.max(
    0,
    hits.findIndex(({ id }) => id === chosen),
  );
  const hit = hits[at];
  // Keys act on what was found for this text, never on the list of the one before: Enter waits for it.
  const isFresh = listing?.text === text.trim();
  const enterWaits = useRef(false);
  useEffect(() => {
    if (!isFresh || !enterWaits.current) return;
    enterWaits.current = false;
    if (hit) onOpen(hit.id);
  }, [isFresh, hit, onOpen]);
  const enter = () => {
    if (!isFresh) enterWaits.current = true;
    else if (hit) onOpen(hit.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    const next = hits[(at + step + hits.length) % Math.max(1, hits.length)];
    if (step !== 0 && next) setChosen(next.id);
    else if (event.code === 'Enter' || event.code === 'NumpadEnter') enter();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        id={PLACES.knowledge}
        data-autofocus
        autoFocus={focused}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={LIST}
        aria-activedescendant={hit ? optionId(hit.id) : undefined}
        aria-label={t('knowledge:search')}
        placeholder={t('knowledge:placeholder')}
        leftSection={<IconSearch size={16} />}
        maxLength={100}
        value={text}
        onChange={(event) => {
          setChosen(null);
          enterWaits.current = false;
          onText(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      {problem && <Problem problem={problem} onRetry={retry} />}
      {hit && (
        <div className={classes.pressRow}>
          <PressButtons
            article={hit}
            into={into}
            used={null}
            onPress={(article, use) => isFresh && onPress(article, use)}
          />
        </div>
      )}
      {news}
      {listing && <Hits listing={listing} at={at} into={into} onOpen={onOpen} />}
    </>
  );
}

interface HitsProps {
  listing: Listing;
  at: number;
  into: CiteInto;
  onOpen: (id: string) => void;
}

function Hits({ listing, at, into, onOpen }: HitsProps) {
  const { t } = useWords();
  const { hits, more, total, text } = listing;
  if (hits.length === 0) {
    const why = total === 0 ? 'none_yet' : 'nothing';
    // What was searched for is said again.
    return (
      <p className={classes.none} data-safe={text === '' ? safeBeside(into) : undefined}>
        {t(`knowledge:${why}`, { text })}
      </p>
    );
  }
  // Suggested ones come first; the rest is what helped most.
  const fitting = text === '' ? hits.filter(({ reasons }) => reasons.length > 0).length : 0;
  const title = text === '' ? t(fitting > 0 ? `knowledge:fitting.${into}` : 'knowledge:often') : t('knowledge:found');
  return (
    <>
      <h3 className={classes.listTitle} data-safe={safeBeside(into)}>
        {title}
      </h3>
      <div id={LIST} className={classes.list} role="listbox" aria-label={title}>
        {hits.map((hit, index) => (
          <Option
            key={hit.id}
            hit={hit}
            into={into}
            chosen={index === at}
            first={text === '' && fitting > 0 && index === fitting}
            onOpen={onOpen}
          />
        ))}
      </div>
      {more && (
        <p className={classes.none} data-safe={safeBeside(into)}>
          {t('knowledge:more')}
        </p>
      )}
    </>
  );
}

interface OptionProps {
  hit: KnowledgeHit;
  into: CiteInto;
  chosen: boolean;
  /** The first that is not suggested. */
  first: boolean;
  onOpen: (id: string) => void;
}

function Option({ hit, into, chosen, first, onOpen }: OptionProps) {
  const { t } = useWords();
  const why = useReasonWords(into)(hit.reasons);
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Arrows choose from the search field; a list that comes by itself moves nothing.
    if (chosen && document.activeElement?.id === PLACES.knowledge) line.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the keys
    <div
      ref={line}
      id={optionId(hit.id)}
      className={classes.hit}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      data-first={first}
      onClick={() => onOpen(hit.id)}
    >
      <span className={classes.hitHead} data-safe={safeBeside(into)}>
        <span className={classes.hitTitle}>{hit.title}</span>
        <span className={classes.code}>{hit.code}</span>
      </span>
      <span className={classes.answer} data-safe={safeBeside(into)}>
        {hit.shortAnswer}
      </span>
      {/* Words of the note, a case's number, what somebody owns: others who see the screen see dots. */}
      {why && <span className={classes.why}>{t('knowledge:because', { why })}</span>}
      {hit.helped > 0 && (
        <span className={classes.count} data-safe={safeBeside(into)}>
          {t('knowledge:helped_n', { n: hit.helped })}
        </span>
      )}
    </div>
  );
}
