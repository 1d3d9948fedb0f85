import type { z } from 'zod';
import { DemoLogins } from '../shared/central-api.ts';
import { DangolError } from '../shared/errors.ts';
import type { Clock } from '../sync/clock.ts';
import type { CentralClient } from './central-client.ts';
import type { Log } from './host-context.ts';
import type { Session } from './session.ts';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** A practice centre makes its demo agents a moment after it answers first. */
const MAY_COME = ['CENTRE_UNREACHABLE', 'TOO_MANY_TRIES', 'NOT_FOUND'];

/** Who may sign in by one click; nobody where the centre holds no practice data. */
export async function readDemoLogins(central: CentralClient, practice: boolean): Promise<z.infer<typeof DemoLogins>> {
  if (!practice) return { logins: [] };
  try {
    return await central.ask({ path: '/v1/demo-logins', answer: DemoLogins });
  } catch (error) {
    if (error instanceof DangolError && error.code === 'NOT_FOUND') return { logins: [] };
    throw error;
  }
}

/**
 * Practice only: signs a demo agent in when nobody is, and tries until the centre is there. Gives up when somebody
 * signed in meanwhile, or when the centre refuses for good.
 * @returns the end of trying.
 */
export function signInDemoAgent(
  session: Session,
  options: { login: string | null; clock: Clock; log: Log },
): () => void {
  const { login, clock, log } = options;
  let stopped = login === null;
  let cancel = () => {};
  const attempt = async (waitMs: number): Promise<void> => {
    if (stopped || login === null || session.state().status === 'signed_in') return;
    try {
      await session.signInDemo(login);
    } catch (error) {
      if (stopped) return;
      const code = error instanceof DangolError ? error.code : 'INTERNAL';
      log('demo.not_signed_in', { code });
      if (!MAY_COME.includes(code)) return;
      cancel = clock.schedule(waitMs, () => void attempt(Math.min(waitMs * 2, LONGEST_RETRY_MS)));
    }
  };
  void attempt(FIRST_RETRY_MS);
  return () => {
    stopped = true;
    cancel();
  };
}
