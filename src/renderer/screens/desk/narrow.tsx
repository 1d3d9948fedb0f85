import { Pill } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { IconFilter } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { NarrowOffer } from '../../../shared/customer-search.ts';
import { useWords } from '../../i18n.ts';
import classes from './desk.module.css';
import type { Found } from './use-search.ts';

// The finder narrowed to who says something in own fields of the business: "관심사: 골프", several of them, by keys alone.

/** Tab takes what is offered first, Backspace in an empty field gives the last one back. A syllable in the making keeps its keys. */
export function narrowKey(event: KeyboardEvent<HTMLInputElement>): 'take' | 'give_back' | null {
  if (event.nativeEvent.isComposing || event.ctrlKey || event.altKey || event.metaKey) return null;
  if (event.key === 'Tab' && !event.shiftKey) return 'take';
  return event.key === 'Backspace' && event.currentTarget.value === '' ? 'give_back' : null;
}

interface NarrowedProps {
  narrow: readonly NarrowOffer[];
  found: Found;
  onChange: (narrow: readonly NarrowOffer[]) => void;
}

/** What holds already, and how many fit it. */
export function Narrowed({ narrow, found, onChange }: NarrowedProps) {
  const { t, language, format } = useWords();
  const { count, indexing } = found.state === 'found' ? found : {};
  if (narrow.length === 0 && !indexing) return null;
  return (
    <div className={classes.narrowed}>
      {narrow.map((one) => (
        <Pill
          size="md"
          key={`${one.key} ${one.value}`}
          withRemoveButton
          onRemove={() => onChange(narrow.filter((other) => other !== one))}
          removeButtonProps={{ 'aria-label': t('finder.widen', { what: one.name[language] }), 'aria-hidden': false }}
        >
          {one.label[language]}: {one.name[language]}
        </Pill>
      ))}
      <span role="status" className={classes.narrowCount}>
        {narrow.length > 0 &&
          count &&
          t(count.atLeast ? 'finder.count_at_least' : 'finder.count', { n: format.number(count.n) })}
        {indexing && ` ${t('finder.indexing')}`}
      </span>
    </div>
  );
}

/** What the list could be narrowed to. The first one is a Tab away, wherever the arrow keys are. */
export function Offers({ offers, onTake }: { offers: readonly NarrowOffer[]; onTake: (offer: NarrowOffer) => void }) {
  const { t, language } = useWords();
  return offers.map((offer, index) => (
    <Spotlight.Action
      key={`${offer.key} ${offer.value}`}
      data-narrow={`${offer.key}=${offer.value}`}
      label={t('finder.narrow', { field: offer.label[language], value: offer.name[language] })}
      leftSection={<IconFilter size={18} />}
      rightSection={index === 0 ? <kbd>Tab</kbd> : undefined}
      dimmedSections={false}
      closeSpotlightOnTrigger={false}
      onClick={() => onTake(offer)}
    />
  ));
}
