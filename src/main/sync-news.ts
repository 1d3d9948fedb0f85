import { assertNever } from '../shared/assert-never.ts';
import type { SyncStatus } from '../shared/host-types.ts';
import type { SyncEvent } from '../sync/engine.ts';
import { countAttention } from './attention.ts';
import type { CustomerDoor } from './customer-360.ts';
import { forgetHere } from './forget-here.ts';
import type { HeldReporter } from './held-report.ts';
import type { HostContext } from './host-context.ts';
import type { Session } from './session.ts';
import type { SyncGauge } from './sync-panel.ts';
import { warmUpPop } from './warm-up.ts';

export interface SyncNewsParts {
  context: HostContext;
  door: CustomerDoor;
  session: Session;
  held: HeldReporter;
  gauge: SyncGauge;
  /** Own fields of the business may be others now. */
  fieldsChanged: () => void;
}

/** The engine's status as the screens get it: whose work waits is known here, and what kind of store the centre has. */
export function statusForScreen(
  status: SyncStatus,
  { context, session }: Pick<SyncNewsParts, 'context' | 'session'>,
): SyncStatus {
  const state = session.state();
  const { own, ofOthers } = countAttention(context.outbox, state.status === 'signed_out' ? null : state.agent.id);
  return { ...status, attention: own, attentionOfOthers: ofOthers, practiceStore: session.practiceStore() };
}

/** What the engine says, as windows hear it. */
export function tellSyncNews(event: SyncEvent, parts: SyncNewsParts): void {
  const { context, door, session, held, gauge } = parts;
  const { emit } = context;
  switch (event.type) {
    case 'status':
      emit({ type: 'sync', status: statusForScreen(event.status, parts) });
      if (event.status.problem === null) {
        session.centreIsThere();
        held.contact();
      }
      return;
    case 'rows_changed':
      if (event.all || event.customerIds.length > 0) {
        emit({ type: 'customers_changed', customerIds: event.all ? [] : event.customerIds, all: event.all });
      }
      if (event.catalogue) {
        emit({ type: 'catalogue_changed' });
        parts.fieldsChanged();
      }
      if (event.all) warmUpPop(context);
      return;
    case 'note_mark':
      if (event.mark === 'centre') gauge.noteArrived(event.noteId);
      emit(event);
      return;
    case 'customers_deleted':
      door.forget(event.customerIds);
      // Words that were not saved are somebody's work; the centre takes them also for a customer whom this desk lets go.
      if (!event.left) forgetHere(context.outbox, event.customerIds);
      return;
    case 'attention_changed':
      held.changed();
      context.log('sync.attention_changed');
      return;
    case 'audit':
      if (event.repaired > 0) context.log('sync.audit', { table: event.table ?? 'all', repaired: event.repaired });
      return;
    case 'device_changed':
      // The new name is read from the outbox at the next sign-in.
      context.log('sync.device_changed');
      return;
    default:
      assertNever(event);
  }
}
