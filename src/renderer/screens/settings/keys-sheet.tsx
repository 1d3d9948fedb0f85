import { useWords } from '../../i18n.ts';
import { chordLabel, KEY_TABLE } from '../../keys/key-table.ts';
import classes from './settings.module.css';

/** The cheat sheet: the table itself, so that it cannot be out of date. */
export function KeysSheet() {
  const { t } = useWords();
  return (['call', 'work', 'desk'] as const).map((group) => (
    <section key={group}>
      <h3 className={classes.head}>{t(`keys:group.${group}`)}</h3>
      <dl className={classes.keys}>
        {KEY_TABLE.filter((row) => row.group === group).map((row) => (
          <div key={row.act}>
            <dt>{t(`keys:${row.act}`)}</dt>
            <dd>
              <kbd>{chordLabel(row.chord)}</kbd>
            </dd>
          </div>
        ))}
        {group === 'work' && (
          <>
            <div>
              <dt>{t('keys:digits')}</dt>
              <dd>
                <kbd>1</kbd> – <kbd>9</kbd>
              </dd>
            </div>
            <div>
              <dt>{t('keys:escape')}</dt>
              <dd>
                <kbd>Esc</kbd>
              </dd>
            </div>
          </>
        )}
      </dl>
    </section>
  ));
}
