import { CallRecording, PbxAgent, RecordingWish, StateWish } from '../../shared/pbx.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import type { Principal } from '../principal.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';

/** Only an agent has a line at the PBX; the policy lets nobody else in. */
function agentOf(principal: Principal) {
  if (principal.kind !== 'agent') throw new CentralProblem('FORBIDDEN');
  return principal.agentId;
}

/** What an agent asks the PBX about themselves. Nobody names another agent here: it is always whoever signed in. */
export function meRoutes(app: CentralApp, { pbx }: CentralContext): void {
  app.get('/v1/me/pbx', { schema: { tags: ['desk'], response: { 200: PbxAgent, ...PROBLEMS } } }, ({ principal }) =>
    pbx.agent(agentOf(principal)),
  );
  app.put(
    '/v1/me/state',
    { schema: { tags: ['desk'], body: StateWish, response: { 200: PbxAgent, ...PROBLEMS } } },
    ({ principal, body }) => pbx.setState(agentOf(principal), body),
  );
  app.put(
    '/v1/me/recording',
    { schema: { tags: ['desk'], body: RecordingWish, response: { 200: CallRecording, ...PROBLEMS } } },
    ({ principal, body }) => pbx.recording(agentOf(principal), body),
  );
}
