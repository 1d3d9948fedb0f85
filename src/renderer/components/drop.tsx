import { Popover } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './components.module.css';

export interface DropProps {
  open: boolean;
  onClose: () => void;
  /** What it is, for those who hear it. */
  label: string;
  width: number;
  /** How far below its control it stands, where something between both must stay in sight; else right at it. */
  below?: number;
  /** The control that opens it. It stays the same element, open or not. */
  control: ReactNode;
  children: ReactNode;
}

/** A popover that exists only while it is open: a closed one of Mantine's costs the pop a millisecond each. */
export function Drop({ open, onClose, label, width, below, control, children }: DropProps) {
  const box = useRef<HTMLSpanElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !open) box.current?.querySelector('button')?.focus();
    wasOpen.current = open;
  }, [open]);
  return (
    <span className={classes.drop} ref={box}>
      {control}
      {open && (
        <Popover
          opened
          onChange={(opened) => !opened && onClose()}
          onDismiss={onClose}
          width={width}
          position="bottom-start"
          trapFocus
          // Its anchor is no control: the control itself says that it opens something.
          withRoles={false}
          withArrow={below === undefined}
          offset={below ?? 8}
        >
          <Popover.Target>
            <span className={classes.dropAnchor} />
          </Popover.Target>
          <Popover.Dropdown role="dialog" aria-label={label}>
            {children}
          </Popover.Dropdown>
        </Popover>
      )}
    </span>
  );
}
