import { z } from 'zod';
import { DeskList, DeskOrder, DeskWiped, WipeOrder } from '../../shared/desk-wipe.ts';
import { Id } from '../../shared/ids.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import type { Principal } from '../principal.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';

const params = z.object({ id: Id });
const Nothing = { 200: z.object({}), ...PROBLEMS };

function deskOf(principal: Principal): Id {
  if (principal.kind !== 'desk') throw new CentralProblem('FORBIDDEN');
  return principal.rootId;
}

/** Desks, and the wiping of one that was lost: ordered by an administrator, done by the desk at its next contact. */
export function deskWipeRoutes(app: CentralApp, { wipes }: CentralContext): void {
  const tags = ['administration'];
  app.get('/v1/admin/desks', { schema: { tags, response: { 200: DeskList, ...PROBLEMS } } }, () => wipes.list());
  app.post(
    '/v1/admin/desks/:id/wipe',
    { schema: { tags, params, body: WipeOrder, response: Nothing } },
    async ({ params: { id }, body, principal }) => {
      await wipes.order(id, principal.kind === 'agent' ? principal.agentId : 'operator', body);
      return {};
    },
  );
  app.delete('/v1/admin/desks/:id/wipe', { schema: { tags, params, response: Nothing } }, async (request) => {
    await wipes.withdraw(request.params.id);
    return {};
  });
  app.get('/v1/desk/order', { schema: { tags: ['sync'], response: { 200: DeskOrder, ...PROBLEMS } } }, (request) =>
    wipes.orderFor(deskOf(request.principal)),
  );
  app.post('/v1/desk/wiped', { schema: { tags: ['sync'], body: DeskWiped, response: Nothing } }, async (request) => {
    await wipes.done(deskOf(request.principal), request.body.lost);
    return {};
  });
}
