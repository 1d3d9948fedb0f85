import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { mayWriteKnowledge } from '../desk/use-desk-keys.ts';
import classes from './knowledge.module.css';
import { KnowledgePanel } from './knowledge-panel.tsx';
import { useAbout } from './use-about.ts';

/** Knowledge beside the note. A letter has its own below it. */
export function KnowledgeSheet({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  return (
    <KnowledgePanel into="note" {...useAbout()}>
      {mayWriteKnowledge(desk) && (
        <button type="button" className={classes.write} data-safe onClick={() => ui.setSheet('authoring')}>
          {t('keys:authoring')}
        </button>
      )}
    </KnowledgePanel>
  );
}
