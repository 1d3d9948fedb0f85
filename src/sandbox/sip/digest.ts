import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How a request's credentials were judged (RFC 3261 section 22, RFC 2617). */
type DigestVerdict =
  | { verdict: 'ok'; username: string }
  | { verdict: 'missing' }
  /** Right account, but the nonce is too old or not ours: challenge again with stale=true, the password is not asked anew. */
  | { verdict: 'stale' }
  | { verdict: 'wrong' };

export interface DigestOptions {
  realm: string;
  /** Signs the nonces, so that none has to be remembered. */
  secret: Buffer;
  /** Epoch milliseconds. */
  now: () => number;
  nonceLifeMs: number;
  /** The account's password; null when there is no such account. */
  passwordOf: (username: string) => string | null;
}

export interface Digest {
  /** The value of a WWW-Authenticate header. */
  challenge: (stale: boolean) => string;
  /** Judges an Authorization header. */
  judge: (header: string | undefined, method: string) => DigestVerdict;
}

const md5 = (text: string) => createHash('md5').update(text, 'utf8').digest('hex');

/** The parameters of a `Digest …` header, or null where it is none. SIP.js has a grammar for challenges only. */
export function readDigestHeader(header: string): Map<string, string> | null {
  if (!/^\s*digest\s/i.test(header) || header.length > 4096) return null;
  const found = new Map<string, string>();
  const pattern = /([a-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;
  for (const match of header.replace(/^\s*digest\s/i, '').matchAll(pattern)) {
    const name = match[1]?.toLowerCase();
    if (name !== undefined) found.set(name, match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '');
  }
  return found;
}

/** The response that a client must send. Without qop the older form of RFC 2069. */
export function digestResponse(parameters: Map<string, string>, method: string, password: string): string {
  const at = (name: string) => parameters.get(name) ?? '';
  const ha1 = md5(`${at('username')}:${at('realm')}:${password}`);
  const ha2 = md5(`${method}:${at('uri')}`);
  const middle = at('qop') === '' ? at('nonce') : `${at('nonce')}:${at('nc')}:${at('cnonce')}:${at('qop')}`;
  return md5(`${ha1}:${middle}:${ha2}`);
}

export function createDigest(options: DigestOptions): Digest {
  const sign = (stamp: string) => createHmac('sha256', options.secret).update(stamp).digest('hex').slice(0, 32);
  const nonceIsFresh = (nonce: string): boolean => {
    const [stamp = '', signature = ''] = nonce.split('.');
    const age = options.now() - Number.parseInt(stamp, 36);
    return sameText(signature, sign(stamp)) && age >= 0 && age < options.nonceLifeMs;
  };
  return {
    challenge: (stale) => {
      const stamp = options.now().toString(36);
      const nonce = `${stamp}.${sign(stamp)}`;
      return `Digest realm="${options.realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
    },
    judge: (header, method) => {
      const parameters = header === undefined ? null : readDigestHeader(header);
      if (parameters === null) return { verdict: 'missing' };
      const username = parameters.get('username') ?? '';
      const password = options.passwordOf(username);
      const expected = digestResponse(parameters, method, password ?? '');
      const matches = sameText(parameters.get('response') ?? '', expected);
      if (password === null || !matches || parameters.get('realm') !== options.realm) return { verdict: 'wrong' };
      return nonceIsFresh(parameters.get('nonce') ?? '') ? { verdict: 'ok', username } : { verdict: 'stale' };
    },
  };
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
