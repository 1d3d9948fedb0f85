import { useEffect, useRef } from 'react';
import { useDesk } from '../desk-context.tsx';
import type { Side } from '../sound/levels.ts';
import classes from './components.module.css';

const LOOK_EVERY_MS = 60;

/** How loud one side is. A CSS variable follows the sound; React draws it once. */
export function LevelBar({ side, label }: { side: Side; label: string }) {
  const desk = useDesk();
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const watch = desk.audio.watch(side);
    let shown = -1;
    const look = () => {
      const level = Math.round(watch.read() * 50) / 50;
      if (level === shown) return;
      shown = level;
      bar.current?.style.setProperty('--level', String(level));
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      watch.stop();
    };
  }, [desk, side]);
  return <span ref={bar} className={classes.level} role="img" aria-label={label} title={label} />;
}
