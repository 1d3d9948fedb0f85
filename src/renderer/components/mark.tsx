import { IconAlertTriangle, IconCheck, IconDeviceDesktopCheck } from '@tabler/icons-react';
import type { Mark } from '../../shared/customer-360.ts';
import { useWords } from '../i18n.ts';
import classes from './components.module.css';

const ICONS = { here: IconDeviceDesktopCheck, centre: IconCheck, attention: IconAlertTriangle };

/** Where a row is: saved here, at the centre, needs attention. Always a word beside the colour. */
export function MarkBadge({ mark, practice }: { mark: Mark; practice: boolean }) {
  const { t } = useWords();
  const Icon = ICONS[mark];
  const word = mark === 'centre' && practice ? 'mark.practice_centre' : `mark.${mark}`;
  return (
    <span className={classes.mark} data-mark={mark}>
      <Icon size={13} stroke={2} aria-hidden="true" />
      {t(word)}
    </span>
  );
}
