import { useShownCall } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { PLACES } from '../desk/places.ts';
import classes from './note.module.css';
import { useFilled, useTextBlocks } from './note-entries.ts';
import { putIntoNote } from './use-note-menu.ts';

const MOST = 4;

/** The text blocks of the wrap-up code that was chosen, one press away. The slash shows all of them. */
export function BlockChips() {
  const { t, language } = useWords();
  const call = useShownCall();
  const blocks = useTextBlocks();
  const filled = useFilled();
  const code = call?.dispositionCode ?? null;
  const fitting = code === null ? [] : blocks.filter(({ dispositionCodes }) => dispositionCodes.includes(code));
  if (fitting.length === 0) return null;
  return (
    <fieldset className={classes.chips} aria-label={t('note.menu.title')}>
      {fitting.slice(0, MOST).map((block) => (
        <button
          key={block.id}
          type="button"
          className={classes.chip}
          onClick={() => {
            const field = document.getElementById(PLACES.note);
            if (!(field instanceof HTMLTextAreaElement)) return;
            const { value } = field;
            const end = value.length;
            putIntoNote(field, `${value === '' || value.endsWith('\n') ? '' : '\n'}${filled(block).text}`, end, end);
          }}
        >
          {block.label[language]}
        </button>
      ))}
    </fieldset>
  );
}
