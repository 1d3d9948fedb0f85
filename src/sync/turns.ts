/** Whoever writes cache.db takes turns: SQLite would make the second one wait, and with it the whole thread that it waits in. */
export interface Turns {
  /** Runs `work` when everybody before is done, whatever became of theirs. */
  run: <T>(work: () => T | Promise<T>) => Promise<T>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (work) => {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
