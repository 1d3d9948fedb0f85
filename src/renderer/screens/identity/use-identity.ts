import { useEffect, useState } from 'react';
import type { MergedHere, PerhapsSame } from '../../../shared/contract-identity.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import { useDesk } from '../../desk-context.tsx';

export interface WhoIsWhom {
  same: readonly PerhapsSame[];
  merged: readonly MergedHere[];
  /** The host has answered. */
  known: boolean;
}

const NOBODY: WhoIsWhom = { same: [], merged: [], known: false };

/** Asked for when the customer is on screen already, and again with everything new of them; what fails is asked again with the next news. */
export function useIdentity(view: Customer360): WhoIsWhom {
  const desk = useDesk();
  const { id } = view.customer;
  const [known, setKnown] = useState({ id, who: NOBODY });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view of the same customer is the news
  useEffect(() => {
    let current = true;
    desk.api.identity.of({ customerId: id }).then(
      (who) => current && setKnown({ id, who: { ...who, known: true } }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [desk, id, view]);
  return known.id === id ? known.who : NOBODY;
}
