/** SQLSTATE of a database error, of pg and of PGlite. */
function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)) return error.code;
  return 'cause' in error ? sqlState(error.cause) : null;
}

/**
 * Why the database can never take this operation (class 22: a value that it cannot hold, such as U+0000 in a text;
 * 23: a constraint), or null for every other failure. Its message is left out: it quotes the value.
 */
export function rejectionOfDatabase(error: unknown): string | null {
  const state = sqlState(error);
  return state !== null && /^2[23]/.test(state) && state !== TAKEN
    ? `the database cannot hold it (SQLSTATE ${state})`
    : null;
}

/**
 * Somebody else wrote the same key at the same moment, e.g. a cloned desk the same operation: the next try finds it there.
 */
const TAKEN = '23505';

/** Deadlock, serialisation failure, lock timeout, a connection that broke: the same again may work. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && (/^(08|40|57P)/.test(state) || state === '55P03' || state === TAKEN);
}

/** Does it again, a few times, where the same again may work. */
export async function withRetry<T>(act: () => Promise<T>, tries = 4): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt >= tries || !isTransient(error)) throw error;
    }
  }
}
