import type { StepId } from './script.ts';
import { type StepBook, waysOf } from './script-ways.ts';

/**
 * Loops that no answer leaves, each with its steps in the script's order. A loop is left by an answer where one of its steps asks,
 * and a way out of it depends on what was asked in it; and one in which nothing is asked at all turns for ever.
 */
export function findLoops(book: StepBook, within: ReadonlySet<StepId>): StepId[][] {
  const inside = (ids: ReadonlySet<StepId>) => [...book.keys()].filter((id) => ids.has(id));
  const endless = cyclesOf(book, within).filter((loop) => !isLeft(book, new Set(loop)));
  const known = new Set(endless.flat());
  // A way round in which nothing is asked, inside of a larger loop that may be left.
  const silent = new Set([...within].filter((id) => !known.has(id) && !asks(book, id)));
  return [...endless, ...cyclesOf(book, silent)].map((loop) => inside(new Set(loop)));
}

function asks(book: StepBook, id: StepId): boolean {
  const kind = book.get(id)?.kind;
  return kind === 'ask' || kind === 'offer';
}

function isLeft(book: StepBook, loop: ReadonlySet<StepId>): boolean {
  return [...loop].some((id) => {
    const step = book.get(id);
    const ways = step ? waysOf(step) : [];
    return ways.some(({ to, by }) => !loop.has(to) && by.some((asked) => loop.has(asked) && asks(book, asked)));
  });
}

/** The strongly connected parts that are loops: of each step, what it leads to and what leads to it. At most 500 steps. */
function cyclesOf(book: StepBook, within: ReadonlySet<StepId>): StepId[][] {
  const forward = new Map<StepId, StepId[]>();
  const backward = new Map<StepId, StepId[]>();
  for (const id of within) {
    const step = book.get(id);
    const to = step ? waysOf(step).flatMap((way) => (within.has(way.to) ? [way.to] : [])) : [];
    forward.set(id, to);
    for (const next of to) backward.set(next, [...(backward.get(next) ?? []), id]);
  }
  return [...within].reduce<{ seen: Set<StepId>; loops: StepId[][] }>(
    (found, id) => {
      if (found.seen.has(id)) return found;
      const after = walk(forward, id);
      const before = walk(backward, id);
      const loop = [...after].filter((one) => before.has(one));
      for (const one of loop) found.seen.add(one);
      if (loop.length > 0) found.loops.push(loop);
      return found;
    },
    { seen: new Set(), loops: [] },
  ).loops;
}

/** Every step that is reached from one by at least one way. */
function walk(edges: ReadonlyMap<StepId, readonly StepId[]>, from: StepId): Set<StepId> {
  const seen = new Set<StepId>(edges.get(from));
  for (const id of seen) for (const next of edges.get(id) ?? []) seen.add(next);
  return seen;
}
