import { Button } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../i18n.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { useShownView } from '../note/note-entries.ts';
import { Letter } from './letter.tsx';
import classes from './messages.module.css';
import { WaitingList } from './waiting-list.tsx';

/** A letter to the customer on screen; without one, and by its button, what nobody answered yet. */
export function MessageSheet({ ui }: { ui: DeskUi }) {
  const { t } = useWords();
  const view = useShownView();
  const [list, setList] = useState(false);
  if (view === null || list) {
    return (
      <WaitingList
        shown={view?.customer.id ?? null}
        onOpen={(target) => {
          ui.setLetter(target);
          setList(false);
        }}
      />
    );
  }
  return (
    <>
      <div className={classes.row}>
        <Button size="xs" variant="default" onClick={() => setList(true)}>
          {t('message:to_list')}
        </Button>
      </div>
      <Letter
        key={`${view.customer.id} ${ui.letter?.answers ?? ''} ${ui.letter?.replaces ?? ''}`}
        view={view}
        target={ui.letter}
        onDone={() => {
          ui.setLetter(null);
          ui.setSheet(null);
        }}
      />
    </>
  );
}
