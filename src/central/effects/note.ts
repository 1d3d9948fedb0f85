import { type Effect, mustBeCustomer, mustBeSame, readOwn } from './effect.ts';

/** Notes are only ever added. Where the call is known to belong to a customer, so does its note, whomever it named first. */
export const saveNote: Effect<'note.save'> = async (context, payload) => {
  const { noteId, interactionId, text } = payload;
  const { author, now } = context;
  const interaction = interactionId === null ? null : await readOwn(context, 'interaction', interactionId);
  const customerId = interaction?.customerId ?? payload.customerId;
  await mustBeCustomer(context, customerId);
  if (customerId !== payload.customerId) await mustBeCustomer(context, payload.customerId);
  const existing = await readOwn(context, 'note', noteId);
  mustBeSame(existing, { text, authorId: author.id, interactionId }, `note ${noteId}`);
  const data = { id: noteId, interactionId, customerId, text, authorId: author.id, authorName: author.name, at: now };
  return existing === null ? [{ table: 'note', id: noteId, data }] : [];
};
