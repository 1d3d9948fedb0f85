import { z } from 'zod';
import { HeldReport, TeamHeldWork } from '../../shared/held-work.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { keepHeldReport, readTeamHeldWork } from '../held-work.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';

/** Refused work that waits on a desk: the desk tells of it, the team's supervisor sees it. */
export function heldWorkRoutes(app: CentralApp, { store, clock }: CentralContext): void {
  app.put(
    '/v1/desk/held',
    { schema: { tags: ['sync'], body: HeldReport, response: { 200: z.object({}), ...PROBLEMS } } },
    async ({ body, principal }) => {
      if (principal.kind !== 'desk') throw new CentralProblem('FORBIDDEN');
      await keepHeldReport(store.db, clock, principal.rootId, body);
      return {};
    },
  );
  app.get(
    '/v1/held-work',
    { schema: { tags: ['desk'], response: { 200: TeamHeldWork, ...PROBLEMS } } },
    ({ principal }) => readTeamHeldWork(store.db, clock, principal),
  );
}
