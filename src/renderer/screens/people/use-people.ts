import { useEffect, useState } from 'react';
import type { PeopleAround } from '../../../shared/contract-people.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import { useDesk } from '../../desk-context.tsx';

/** Asked for when the customer is on screen already, and again with everything new of them. null: the host has not answered. */
export function usePeople(view: Customer360): PeopleAround | null {
  const desk = useDesk();
  const { id } = view.customer;
  const [known, setKnown] = useState<{ id: string; people: PeopleAround } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view of the same customer is the news
  useEffect(() => {
    let current = true;
    desk.api.people.of({ customerId: id }).then(
      (people) => current && setKnown({ id, people }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [desk, id, view]);
  return known?.id === id ? known.people : null;
}
