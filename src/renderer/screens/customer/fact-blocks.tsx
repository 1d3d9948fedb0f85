import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { FactBlock } from '../../../shared/arrangement.ts';
import { useWords } from '../../i18n.ts';
import classes from './customer.module.css';

/** A block that somebody wants to see only by its title, until it is opened for this customer. */
export function Folded({ block, children }: { block: FactBlock; children: ReactNode }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  if (open) return children;
  return (
    <h3 className={classes.folded}>
      <button type="button" aria-expanded={false} onClick={() => setOpen(true)}>
        <IconChevronRight size={14} aria-hidden="true" />
        {t(`customer:block.${block}`)}
      </button>
    </h3>
  );
}
