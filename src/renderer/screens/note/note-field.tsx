import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { NOTE_MAX_LENGTH } from '../../../shared/interaction.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { PLACES } from '../desk/places.ts';
import { saveAndShow } from '../desk/use-desk-keys.ts';
import { createFieldText } from './field-text.ts';
import classes from './note.module.css';
import { entryId, NOTE_MENU_ID, NoteMenuList } from './note-menu.tsx';
import { useNoteMenu } from './use-note-menu.ts';

/**
 * The text field keeps its own text (uncontrolled): React never writes into it while a syllable is being composed. The
 * store's text goes in only when it differs for a reason outside: another call on screen, a restored draft, a saved note.
 */
export function NoteField({ slotKey }: { slotKey: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const saveAfter = useRef(false);
  const shown = useStore(desk.notes.store, ({ slots }) => slots[slotKey]?.text ?? '');
  const [text] = useState(() => createFieldText(slotKey, desk.notes.type));
  const menu = useNoteMenu(slotKey);

  useLayoutEffect(() => {
    if (field.current) text.show(field.current, slotKey, shown);
  });
  // Losing the field or the window is a pause of typing: what is there goes to disk at once.
  useEffect(() => {
    const flush = () => desk.notes.flushAll();
    document.addEventListener('visibilitychange', flush);
    return () => document.removeEventListener('visibilitychange', flush);
  }, [desk]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (menu.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
      document.getElementById(PLACES.wrapUp)?.querySelector<HTMLElement>('button:not(:disabled)')?.focus();
    }
    // Ctrl+Enter inside a syllable: the input method finishes it first, then the whole text is saved.
    if (event.nativeEvent.isComposing && event.code === 'Enter' && (event.ctrlKey || event.metaKey))
      saveAfter.current = true;
  };
  return (
    <div className={classes.fieldBox}>
      <textarea
        ref={field}
        id={PLACES.note}
        className={classes.field}
        maxLength={NOTE_MAX_LENGTH}
        placeholder={t('note.placeholder')}
        aria-keyshortcuts={keyOf('note')}
        spellCheck={false}
        aria-haspopup="listbox"
        aria-controls={menu.entries.length > 0 ? NOTE_MENU_ID : undefined}
        aria-activedescendant={menu.entries.length > 0 ? entryId(menu.at) : undefined}
        onInput={(event) => {
          text.typed(event.currentTarget);
          menu.look(event.currentTarget);
        }}
        onSelect={(event) => menu.look(event.currentTarget)}
        onBlur={() => {
          menu.close();
          void desk.notes.flush(text.key());
        }}
        onKeyDown={onKeyDown}
        onCompositionStart={() => text.begin()}
        onCompositionEnd={(event) => {
          const wrote = text.end(event.currentTarget);
          // Ctrl+Enter meant the note it was pressed in, also where another call came on screen meanwhile.
          if (saveAfter.current) void (wrote === slotKey ? saveAndShow(desk) : desk.notes.save(wrote));
          saveAfter.current = false;
        }}
      />
      <NoteMenuList menu={menu} />
      <span className={classes.fieldKey}>
        <KeyHint act="note" />
      </span>
    </div>
  );
}
