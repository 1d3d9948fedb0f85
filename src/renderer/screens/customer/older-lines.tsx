import { memo, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { HistoryLine } from '../../../shared/history.ts';
import classes from './customer.module.css';

/** Pixels beyond the edge in which a page is kept ready. */
const NEAR = '1500px';

interface OlderLinesProps {
  lines: readonly HistoryLine[];
  /** The same function for all pages, or every page is drawn again with each. */
  draw: (line: HistoryLine) => ReactNode;
}

/**
 * One page of the history. Far from what is looked at only its height is left: a history of thousands costs what is in sight.
 */
export const OlderLines = memo(function OlderLines({ lines, draw }: OlderLinesProps) {
  const list = useRef<HTMLOListElement>(null);
  const [near, setNear] = useState(true);
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const watch = (entries: IntersectionObserverEntry[]) => {
      const entry = entries.at(-1);
      if (!entry) return;
      if (!entry.isIntersecting && entry.boundingClientRect.height > 0) setHeight(entry.boundingClientRect.height);
      setNear(entry.isIntersecting);
    };
    const observer = new IntersectionObserver(watch, { root: element.parentElement, rootMargin: NEAR });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <ol ref={list} className={classes.older} style={near ? undefined : { height }}>
      {near && lines.map(draw)}
    </ol>
  );
});
