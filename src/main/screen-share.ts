import { z } from 'zod';
import { DangolError } from '../shared/errors.ts';
import type { ReadableDb } from '../sync/sql-db.ts';
import { appendAccess } from './access-log.ts';
import type { HostContext } from './host-context.ts';
import { readKeep, writeKeep } from './keep.ts';

const NAME = 'desk.screen_shared';

/** Whether somebody said that others see this screen. Kept until it is taken back: no reload and no crash shows anything meanwhile. */
export function readScreenShared(outbox: ReadableDb): boolean {
  return readKeep(outbox, NAME, z.boolean()) ?? false;
}

/** The screen is shared, or no longer: one commit with its entry in the access log, told to every window. Said again it is nothing new. */
export function shareScreen(context: HostContext, shared: boolean): void {
  const { outbox } = context;
  const who = whoSits(context);
  const changed = outbox
    .transaction(() => {
      if (readScreenShared(outbox) === shared) return false;
      writeKeep(outbox, NAME, shared ? true : null);
      const act = { action: 'screen_share', customerId: null, context: shared ? 'begins' : 'ends' } as const;
      if (who !== null) appendAccess(context, who, act);
      return true;
    })
    .immediate();
  if (changed) context.emit({ type: 'screen', shared });
}

/** Where nobody is signed in nobody is on the screen, and the log has no agent to name. */
function whoSits({ seat }: HostContext): string | null {
  try {
    return seat.author().id;
  } catch {
    return null;
  }
}

/** Whatever a page asks: nothing is unmasked, and nothing taken out, while others look. @throws FORBIDDEN. */
export function assertNotShared({ outbox }: Pick<HostContext, 'outbox'>): void {
  if (readScreenShared(outbox)) throw new DangolError('FORBIDDEN', 'none', { detail: 'the screen is shared' });
}
