import { z } from 'zod';
import { AttachmentAnswer, AttachmentRequest } from '../../shared/attachment.ts';
import { Id } from '../../shared/ids.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { byId } from '../customer-lookup.ts';
import { recordLookup } from '../lookup-log.ts';
import { liveCustomerId } from '../merged.ts';
import { takeOutAttachment } from '../messages/attachment.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';
import { readRecord } from '../records.ts';
import { lookupScopeOf } from '../scope.ts';

const params = z.object({ id: Id, index: z.coerce.number().int().min(0).max(49) });

/** What customers sent along, for a desk that gives its reason. Written down before it is answered. */
export function messageRoutes(app: CentralApp, context: CentralContext): void {
  const { db } = context.store;
  app.post(
    '/v1/messages/:id/attachments/:index',
    {
      schema: {
        tags: ['customers'],
        params,
        body: AttachmentRequest,
        response: { 200: AttachmentAnswer, ...PROBLEMS },
      },
    },
    async ({ params: { id, index }, body, principal }) => {
      const row = await readRecord(db, 'interaction', id);
      if (!row?.message?.attachments?.[index]) throw new CentralProblem('NOT_FOUND');
      const customerId = row.customerId === null ? null : await liveCustomerId(db, row.customerId);
      if (customerId !== null && (await byId(db, lookupScopeOf(principal), customerId)).length === 0) {
        throw new CentralProblem('NOT_FOUND');
      }
      await recordLookup(context, principal, 'attachment', customerId === null ? [] : [customerId], body.reason);
      return takeOutAttachment(db, row, index);
    },
  );
}
