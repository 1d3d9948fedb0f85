import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Role } from '../../shared/agent.ts';
import { Id } from '../../shared/ids.ts';
import type { Clock } from '../clock.ts';
import type { Principal } from '../principal.ts';

export const ACCESS_TOKEN_SECONDS = 600;
const AUDIENCE = 'dangol-centre';

const Claims = z.object({ sub: Id, role: Role, dev: Id });

/** A random token with a word in front that says what it is for, so that a leaked one is recognised. */
export function newToken(kind: 'dgd' | 'dgr' | 'dga' | 'dgs'): string {
  return `${kind}_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a token. The tokens are 256 random bits: a plain hash is enough. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The one successor of a refresh token: computed, so that a replay gets the same one and nothing secret is stored. */
export function successorOf(refreshToken: string, secret: string): string {
  return `dgr_${createHmac('sha256', secret).update(`refresh ${refreshToken}`).digest('base64url')}`;
}

export function sameToken(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(tokenHash(a)), Buffer.from(tokenHash(b)));
}

function key(secret: string): Uint8Array {
  return createHash('sha256').update(`access ${secret}`).digest();
}

/** A JWT (HS256) of ten minutes. */
export function signAccess(agent: { id: Id; role: Role }, deviceId: Id, secret: string, clock: Clock): Promise<string> {
  const now = Math.floor(clock() / 1000);
  return new SignJWT({ role: agent.role, dev: deviceId })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(agent.id)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
    .sign(key(secret));
}

/** null for anything that is not a valid access token now. */
export async function readAccess(token: string, secret: string, clock: Clock): Promise<Principal | null> {
  try {
    const { payload } = await jwtVerify(token, key(secret), {
      algorithms: ['HS256'],
      audience: AUDIENCE,
      currentDate: new Date(clock()),
    });
    const claims = Claims.parse(payload);
    return { kind: 'agent', agentId: claims.sub, role: claims.role, deviceId: claims.dev };
  } catch {
    return null;
  }
}
