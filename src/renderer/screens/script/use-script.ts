import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { RunHead, ScriptHit } from '../../../shared/contract-script.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { useDesk, useSeesCustomers, useShownCall } from '../../desk-context.tsx';
import { keyOfFocus } from '../../desk-work.ts';
import { toDangolError } from '../../host-client.ts';
import type { OfCall } from '../../stores/script-store.ts';
import { customerIdOf } from '../../work-keys.ts';
import { useShownView } from '../note/note-entries.ts';

/** What is on screen, as scripts are chosen and begun for it. */
export function useScriptPlace(): { key: string; of: OfCall } {
  const desk = useDesk();
  const key = keyOfFocus(useStore(desk.calls.store, ({ focus }) => focus));
  const call = useShownCall();
  const view = useShownView();
  const callId = call?.callId ?? null;
  const customerId = call ? call.customerId : (view?.customer.id ?? customerIdOf(key));
  const queue = call?.queue?.slice(0, 100) ?? null;
  const direction = call?.direction ?? null;
  const of = useMemo(() => ({ callId, customerId, queue, direction }), [callId, customerId, queue, direction]);
  return { key, of };
}

/** The scripts of the desk, those that fit first; null until the first answer. Read again when scripts came or went. */
export function useScriptList({ callId, customerId, queue, direction }: OfCall, wanted = true) {
  const desk = useDesk();
  const sees = useSeesCustomers();
  const [hits, setHits] = useState<readonly ScriptHit[] | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const catalogue = useStore(desk.session.store, (state) => state.catalogue);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `catalogue` only says that it is time
  useEffect(() => {
    let stale = false;
    if (!wanted || !sees) return;
    desk.api.script.list({ callId, customerId, queue, direction }).then(
      ({ scripts }) => {
        if (stale) return;
        setHits(scripts);
        setProblem(null);
      },
      (error: unknown) => !stale && setProblem(toDangolError(error)),
    );
    return () => {
      stale = true;
    };
  }, [desk, callId, customerId, queue, direction, wanted, sees, catalogue]);
  return { hits: sees ? hits : null, problem };
}

/** The finished runs of a customer by their call. After the first paint: no pop waits for it. */
export function useRunsOf(customerId: string, version: unknown): ReadonlyMap<string, RunHead[]> {
  const desk = useDesk();
  const [runs, setRuns] = useState<readonly RunHead[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` says that something of the customer changed
  useEffect(() => {
    let stale = false;
    desk.api.script.of({ customerId }).then(
      (found) => !stale && setRuns(found.runs),
      // The lines stand there without it; the next reading of the customer asks again.
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [desk, customerId, version]);
  return useMemo(() => {
    const byCall = new Map<string, RunHead[]>();
    for (const run of runs) {
      if (run.interactionId === null) continue;
      byCall.set(run.interactionId, [...(byCall.get(run.interactionId) ?? []), run]);
    }
    return byCall;
  }, [runs]);
}
