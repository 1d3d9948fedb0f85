import type { Customer360 } from '../../shared/customer-360.ts';
import type { DeskCall } from '../stores/desk-call.ts';

/** What was done in a call, from the rows that say so. Nothing else goes into a summary. */
export interface DoneInCall {
  dispositionCode: string | null;
  /** Whom the customer was handed to, as it was dialled. */
  transferredTo: string | null;
  promises: Customer360['promises'];
  opened: Customer360['cases'];
}

type Summed = Pick<DeskCall, 'callId' | 'startedAt' | 'dispositionCode' | 'end'>;

/** @param view the customer on screen; null: nobody is known. Promises and cases that are settled by now are not in it. */
export function doneInCall(call: Summed, view: Pick<Customer360, 'promises' | 'cases'> | null): DoneInCall {
  return {
    dispositionCode: call.dispositionCode,
    transferredTo: call.end?.transferredTo ?? null,
    promises: (view?.promises ?? []).filter(({ interactionId }) => interactionId === call.callId),
    opened: (view?.cases ?? []).filter(({ openedAt }) => Date.parse(openedAt) >= call.startedAt),
  };
}

export function nothingDone({ dispositionCode, transferredTo, promises, opened }: DoneInCall): boolean {
  return dispositionCode === null && transferredTo === null && promises.length === 0 && opened.length === 0;
}
