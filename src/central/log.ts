import pino, { type Logger } from 'pino';

/**
 * The centre's log: which endpoint, which status, how long, which error code. Never a number, a name, a text or a token:
 * so no URL, no header, no body, no message of the database (it quotes values). Only what is listed here is written.
 * @param write gets one line of JSON; without it nothing is logged.
 */
export function createLog(write: ((line: string) => void) | undefined): Logger {
  if (write === undefined) return pino({ level: 'silent' });
  return pino({ level: 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

/** An error as it may be written down: its kind and where it happened. */
export function errorFacts(error: unknown): { error: string; state?: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const state = 'code' in error && typeof error.code === 'string' ? { state: error.code } : {};
  return { error: error.name, ...state, at: frames.slice(0, 6).map((line) => line.trim()) };
}
