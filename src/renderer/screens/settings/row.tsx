import type { ReactNode } from 'react';
import type { DeskSettings } from '../../../shared/host-types.ts';
import classes from './settings.module.css';

export type SaveSettings = (change: Partial<DeskSettings>) => void;

export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.row}>
      <span className={classes.label}>{label}</span>
      {children}
    </div>
  );
}
