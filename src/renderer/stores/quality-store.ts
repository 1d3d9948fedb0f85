import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallSnapshot } from '../../shared/call.ts';
import type { Judgement } from '../../telephony/quality.ts';
import { addJudgement, summaryOf, type Tally } from '../../telephony/quality-summary.ts';

export interface HeardCall {
  last: Judgement;
  tally: Tally;
}

export interface QualityStore {
  store: StoreApi<{ calls: Readonly<Record<string, HeardCall>> }>;
  /** A judgement of the phone. */
  take: (callId: string, judgement: Judgement) => void;
  /** The snapshot with how well the call was heard, once it is over. */
  withQuality: (snapshot: CallSnapshot) => CallSnapshot;
  forget: (callId: string) => void;
}

/** How well the calls of this desk are heard. */
export function createQualityStore(): QualityStore {
  const store = createStore<{ calls: Readonly<Record<string, HeardCall>> }>(() => ({ calls: {} }));
  return {
    store,
    take: (callId, last) =>
      store.setState(({ calls }) => ({
        calls: { ...calls, [callId]: { last, tally: addJudgement(calls[callId]?.tally ?? null, last) } },
      })),
    withQuality: (snapshot) => {
      const heard = store.getState().calls[snapshot.callId];
      return heard && snapshot.endedAt !== null ? { ...snapshot, quality: summaryOf(heard.tally) } : snapshot;
    },
    forget: (callId) =>
      store.setState(({ calls }) => {
        const { [callId]: _, ...left } = calls;
        return { calls: left };
      }),
  };
}
