import { type Effect, mustBeCustomer, mustBeSame, readOwn } from './effect.ts';

/**
 * A script was gone through. Runs are only ever added; the script itself need not be here any more, its words are in the run. Where the
 * call is known to belong to a customer, so does the run.
 */
export const recordRun: Effect<'script.run'> = async (context, payload) => {
  const { kind: _, runId, ...facts } = payload;
  const { author, now } = context;
  const interaction = facts.interactionId === null ? null : await readOwn(context, 'interaction', facts.interactionId);
  const customerId = interaction?.customerId ?? facts.customerId;
  await mustBeCustomer(context, customerId);
  if (customerId !== facts.customerId) await mustBeCustomer(context, facts.customerId);
  const existing = await readOwn(context, 'script_run', runId);
  mustBeSame(existing, { hash: facts.hash, status: facts.status, agentId: author.id }, `script run ${runId}`);
  const data = { ...facts, id: runId, customerId, agentId: author.id, agentName: author.name, at: now };
  return existing === null ? [{ table: 'script_run', id: runId, data }] : [];
};
