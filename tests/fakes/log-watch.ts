import type { Readable } from 'node:stream';

/** What must stand in no log of ours: numbers of people as the tests use them, passwords of the tests, tokens, digests. */
const SECRETS: readonly RegExp[] = [
  /(?<![\w+-])(?:\+?82[- ]?|0)10[- ]?\d{3,4}[- ]?\d{4}(?![\w-])/,
  /(?<![\w-])\+1[- ]?\d{3}[- ]?555[- ]?01\d\d(?!\d)/,
  /(?<![\w-])\+44[- ]?7700[- ]?900\d{3}(?!\d)/,
  /practice-secret|agent\d-loopback|centre-loopback|a-long-enough-one/,
  /\beyJ[\w-]{10,}\.[\w-]+/,
  /\bBearer\s+\S+/,
  /\$argon2/,
  /\b(?:password|secret|token|nonce|response)["']?\s*[=:]\s*["'][^"'\s]{4,}/i,
];

/** The lines of a log that hold what they must not, shortened. */
export function secretsIn(log: string): string[] {
  return log.split('\n').filter((line) => SECRETS.some((secret) => secret.test(line)));
}

/** Keeps everything that a server of a test logs, so that the test fails where it logged a number or a credential. */
export interface LogWatch {
  text: () => string;
  /** @throws with the lines. */
  check: () => void;
}

const LONGEST = 20_000_000;

export function watchLog(stream: Readable, name: string): LogWatch {
  let log = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    if (log.length < LONGEST) log += chunk;
  });
  return {
    text: () => log,
    check: () => {
      const found = secretsIn(log);
      if (found.length > 0) throw new Error(`${name} logged what nobody may read:\n${found.slice(0, 5).join('\n')}`);
    },
  };
}
