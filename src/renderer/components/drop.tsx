import { Popover } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
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
          // By our own hand: Escape in an open list of a field closes that list first.
          closeOnEscape={false}
          // Its anchor is no control: the control itself says that it opens something.
          withRoles={false}
          withArrow={below === undefined}
          offset={below ?? 8}
        >
          <Popover.Target>
            <span className={classes.dropAnchor} />
          </Popover.Target>
          <Popover.Dropdown
            role="dialog"
            aria-label={label}
            onKeyDownCapture={(event) => isLeaving(event) && onClose()}
          >
            {children}
          </Popover.Dropdown>
        </Popover>
      )}
    </span>
  );
}

/** Escape, and no list of choices is open in what has the focus. */
function isLeaving({ key, target }: KeyboardEvent): boolean {
  return key === 'Escape' && !(target instanceof HTMLInputElement && target.ariaExpanded === 'true');
}
