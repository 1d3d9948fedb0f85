import type { CallSnapshot } from '../shared/call.ts';
import type { Draft } from '../shared/host-types.ts';
import { endForgottenCalls, readOpenCalls } from './calls.ts';
import type { HostContext } from './host-context.ts';
import { readDrafts } from './notes.ts';
import type { WindowHolds } from './window-holds.ts';

/** What a page finds when it is opened: calls that no living window is in, and every draft of whoever sits here. */
export function readLeftWork(
  context: HostContext,
  holds: WindowHolds,
  windowId: string | undefined,
): { calls: CallSnapshot[]; drafts: Draft[] } {
  const { id } = context.seat.reader();
  endForgottenCalls(context);
  const open = readOpenCalls(context.outbox, id, context.clock.now());
  const calls = open.filter(({ callId }) => !holds.isElsewhere(callId, windowId));
  return { calls, drafts: readDrafts(context.outbox, id) };
}
