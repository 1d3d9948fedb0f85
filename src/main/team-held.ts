import { DangolError } from '../shared/errors.ts';
import { TeamHeldWork } from '../shared/held-work.ts';
import type { CentralClient } from './central-client.ts';
import type { HostContext } from './host-context.ts';

const TIMEOUT_MS = 5000;

/** What waits on the desks of a supervisor's team, asked of the centre. @throws FORBIDDEN, SIGNED_OUT, LOCKED, CENTRE_UNREACHABLE. */
export async function readTeamHeld(
  { seat }: Pick<HostContext, 'seat'>,
  deps: { central: CentralClient; accessToken: () => Promise<string | null> },
): Promise<TeamHeldWork> {
  const { role } = seat.reader();
  if (role !== 'supervisor' && role !== 'administrator') throw new DangolError('FORBIDDEN', 'none');
  const token = await deps.accessToken();
  if (token === null) throw new DangolError('SIGNED_OUT', 'sign-in');
  return deps.central.ask({ path: '/v1/held-work', token, answer: TeamHeldWork, timeoutMs: TIMEOUT_MS });
}
