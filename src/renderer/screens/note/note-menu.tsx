import { useWords } from '../../i18n.ts';
import { PLACES } from '../desk/places.ts';
import classes from './note.module.css';
import type { NoteMenu } from './use-note-menu.ts';

export const NOTE_MENU_ID = 'note-menu';
export const entryId = (at: number) => `${NOTE_MENU_ID}-${at}`;

/** Above the note, so that what is being typed stays in sight. */
export function NoteMenuList({ menu }: { menu: NoteMenu }) {
  const { t } = useWords();
  if (menu.empty) {
    if (menu.empty.query !== '') return null;
    return (
      <div className={classes.menu}>
        <p className={classes.menuEmpty}>{t(`note.menu.none_${menu.empty.kind}`)}</p>
      </div>
    );
  }
  if (menu.entries.length === 0) return null;
  return (
    <div className={classes.menu}>
      <div id={NOTE_MENU_ID} role="listbox" aria-label={t('note.menu.title')}>
        {menu.entries.map((entry, at) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the note, which names the chosen line
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the note's
          <div
            key={entry.id}
            id={entryId(at)}
            role="option"
            className={classes.menuEntry}
            aria-selected={at === menu.at}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              const field = document.getElementById(PLACES.note);
              if (field instanceof HTMLTextAreaElement) menu.take(field, entry);
            }}
          >
            <b>{entry.label}</b>
            <span className={classes.menuCode}>{entry.code}</span>
            <span className={classes.menuText}>{entry.text}</span>
          </div>
        ))}
      </div>
      <p className={classes.menuKeys}>{t('note.menu.keys')}</p>
    </div>
  );
}
