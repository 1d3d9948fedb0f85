import { Popover } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { PLACES } from '../desk/places.ts';
import classes from './call.module.css';

const TONES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

interface KeypadProps {
  callId: string;
  open: boolean;
  onOpen: (open: boolean) => void;
  icon: ReactNode;
}

/** Tones into the call, by click or by the keyboard's digits while the pad is open. */
export function Keypad({ callId, open, onOpen, icon }: KeypadProps) {
  const desk = useDesk();
  const { t } = useWords();
  const [sent, setSent] = useState('');
  // It ends with its call: the next one is not met by an open pad that takes the keys.
  useEffect(() => () => onOpen(false), [onOpen]);
  const send = (tone: string) => {
    desk.line.phone()?.sendDtmf(callId, tone);
    // A card number that the agent keys in is on no screen.
    const secret = desk.recordings.store.getState().calls[callId]?.state === 'paused';
    setSent((before) => (before + (secret ? '•' : tone)).slice(-16));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (/^[0-9*#]$/.test(event.key) && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      send(event.key);
    }
  };
  return (
    <Popover
      opened={open}
      onChange={onOpen}
      trapFocus
      position="bottom-end"
      withinPortal
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          data-safe
          className={classes.act}
          aria-expanded={open}
          aria-keyshortcuts={keyOf('keypad')}
          onClick={() => onOpen(!open)}
        >
          {icon}
          <span>{t('call:keypad')}</span>
          <KeyHint act="keypad" />
        </button>
      </Popover.Target>
      <Popover.Dropdown onKeyDown={onKeyDown}>
        <div className={classes.sent} aria-live="polite">
          {sent || t('call:keypad_hint')}
        </div>
        <div className={classes.pad} id={PLACES.keypad}>
          {TONES.map((tone) => (
            <button key={tone} type="button" onClick={() => send(tone)}>
              {tone}
            </button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
