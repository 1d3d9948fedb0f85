import { appendAccess } from './access-log.ts';
import { markSalvageTold, readSalvageNote } from './db/salvage-note.ts';
import type { HostContext } from './host-context.ts';

/**
 * Work that a damaged outbox lost is told to the centre, in its audit log, where a supervisor finds it: the agent alone might
 * dismiss the banner. Once, in the name of whoever works here first after it.
 */
export function tellLoss(context: HostContext, agentId: string): void {
  try {
    tell(context, agentId);
  } catch (error) {
    // A full disk must not keep anybody from signing in: the next one tells it.
    context.log('outbox.loss_not_told', {
      code: error instanceof Error && 'code' in error ? String(error.code) : 'bug',
    });
  }
}

function tell(context: HostContext, agentId: string): void {
  const { outbox } = context;
  const note = readSalvageNote(outbox);
  if (!note || note.told) return;
  const lost = note.lostOperations === null ? 'how many is not known' : `${note.lostOperations} operations`;
  const text = `outbox damaged ${new Date(note.at).toISOString()}: lost ${lost}; ${note.saved} rows saved`;
  const told = outbox.transaction(() => {
    appendAccess(context, agentId, { action: 'store_loss', customerId: null, context: text });
    markSalvageTold(outbox, note);
  });
  told.immediate();
  context.log('outbox.loss_told', { lost: note.lostOperations ?? -1 });
}
