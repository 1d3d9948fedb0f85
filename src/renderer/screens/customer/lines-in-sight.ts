import { useEffect, useState } from 'react';

/** Call bar, identity, reasons and the note: never less than this of the window is not history. CSS pixels. */
const OTHER_THINGS = 400;
/** A line is never lower than this, and each of its notes adds at least so much. */
const LINE = 26;
const NOTE = 20;
/** The first frame with the history is on screen by then. */
const AFTER_MS = 60;

/** How many of the first lines can be in sight in a window of this height: rather too many than too few. */
export function linesInSight(notesOfLines: readonly number[], windowHeight: number): number {
  let left = Math.max(1, windowHeight - OTHER_THINGS);
  let count = 0;
  for (const notes of notesOfLines) {
    if (left <= 0) break;
    left -= LINE + notes * NOTE;
    count += 1;
  }
  return count;
}

/**
 * What is below the edge of the window is made after what is in sight was painted: the pop waits for no line that nobody can
 * see. @returns how many of the lines to show now.
 */
export function useLinesInSight(notesOfLines: readonly number[]): number {
  const [first] = useState(() => linesInSight(notesOfLines, window.innerHeight));
  const [all, setAll] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setAll(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return all ? notesOfLines.length : first;
}
