import { readRecord } from '../records.ts';
import { type Effect, mustBeCustomer, mustBeSame } from './effect.ts';

/** Notes are only ever added. Where the call is known to belong to a customer, so does its note. */
export const saveNote: Effect<'note.save'> = async (context, payload) => {
  const { noteId, interactionId, text } = payload;
  const { author, now } = context;
  await mustBeCustomer(context, payload.customerId);
  const interaction =
    interactionId === null ? null : await readRecord(context.trx, 'interaction', interactionId, 'share');
  const customerId = payload.customerId ?? interaction?.customerId ?? null;
  const existing = await readRecord(context.trx, 'note', noteId, 'update');
  mustBeSame(existing, { text, authorId: author.id, interactionId }, `note ${noteId}`);
  const data = { id: noteId, interactionId, customerId, text, authorId: author.id, authorName: author.name, at: now };
  return existing === null ? [{ table: 'note', id: noteId, data }] : [];
};
