import { describe, expect, it } from 'vitest';
import { createDigest, digestResponse, readDigestHeader } from '../../../src/sandbox/sip/digest.ts';

const made = () => {
  const clock = { now: 1_000_000 };
  const digest = createDigest({
    realm: 'practice.invalid',
    secret: Buffer.from('a secret of this test'),
    now: () => clock.now,
    nonceLifeMs: 60_000,
    passwordOf: (username) => (username === 'agent1' ? 'right' : null),
  });
  return { clock, digest };
};

/** What a phone sends after a challenge. */
function answer(challenge: string, username: string, password: string, changes: Record<string, string> = {}): string {
  const asked = readDigestHeader(challenge) ?? new Map<string, string>();
  const parameters = new Map(
    Object.entries({
      username,
      realm: asked.get('realm') ?? '',
      nonce: asked.get('nonce') ?? '',
      uri: 'sip:practice.invalid',
      qop: 'auth',
      nc: '00000001',
      cnonce: 'abc',
      ...changes,
    }),
  );
  const response = digestResponse(parameters, 'REGISTER', password);
  return `Digest ${[...parameters].map(([name, value]) => `${name}="${value}"`).join(', ')}, response="${response}", algorithm=MD5`;
}

describe('digest', () => {
  it('computes the response of RFC 2617 section 3.5', () => {
    const example =
      'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b"';
    const parameters = readDigestHeader(example);
    expect(digestResponse(parameters ?? new Map(), 'GET', 'Circle Of Life')).toBe('6629fae49393a05397450978507c4ef1');
  });

  it('takes the right password, also without qop', () => {
    const { digest } = made();
    expect(digest.judge(answer(digest.challenge(false), 'agent1', 'right'), 'REGISTER')).toEqual({
      verdict: 'ok',
      username: 'agent1',
    });
    expect(digest.judge(answer(digest.challenge(false), 'agent1', 'right', { qop: '' }), 'REGISTER').verdict).toBe(
      'ok',
    );
  });

  it('refuses a wrong password, an unknown account, another method and another realm alike', () => {
    const { digest } = made();
    const challenge = digest.challenge(false);
    expect(digest.judge(answer(challenge, 'agent1', 'wrong'), 'REGISTER').verdict).toBe('wrong');
    expect(digest.judge(answer(challenge, 'nobody', ''), 'REGISTER').verdict).toBe('wrong');
    expect(digest.judge(answer(challenge, 'agent1', 'right'), 'INVITE').verdict).toBe('wrong');
    expect(digest.judge(answer(challenge, 'agent1', 'right', { realm: 'elsewhere' }), 'REGISTER').verdict).toBe(
      'wrong',
    );
  });

  it('calls an old or invented nonce stale, so that the phone asks nobody for the password again', () => {
    const { digest, clock } = made();
    const header = answer(digest.challenge(false), 'agent1', 'right');
    clock.now += 60_001;
    expect(digest.judge(header, 'REGISTER').verdict).toBe('stale');
    expect(
      digest.judge(answer(digest.challenge(false), 'agent1', 'right', { nonce: 'zz.00' }), 'REGISTER').verdict,
    ).toBe('stale');
    expect(digest.challenge(true)).toContain('stale=true');
  });

  it.each([undefined, '', 'Basic abc', `Digest ${'x'.repeat(5000)}`])('asks again for %s', (header) => {
    expect(made().digest.judge(header, 'REGISTER').verdict).toBe('missing');
  });
});
