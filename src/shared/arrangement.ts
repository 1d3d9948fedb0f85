import { z } from 'zod';
import type { Role } from './agent.ts';

/** The blocks of facts beside a customer's history. */
export const FACT_BLOCKS = ['who', 'cases', 'owns', 'orders', 'money', 'own', 'people'] as const;
export type FactBlock = (typeof FACT_BLOCKS)[number];

/** How somebody wants them: in which order, and which only by their titles. Names that a version does not know are left alone. */
export const Arrangement = z.object({
  order: z.array(z.string().max(40)).max(40),
  folded: z.array(z.string().max(40)).max(40),
});
export type Arrangement = z.infer<typeof Arrangement>;

export interface Arranged {
  order: FactBlock[];
  folded: FactBlock[];
}

/** What each role looks at first: who answers calls solves, who sells looks at what is owned, who leads at what is open and owed. */
const OF_ROLE: Readonly<Record<Role, readonly FactBlock[]>> = {
  agent: FACT_BLOCKS,
  telemarketer: ['who', 'owns', 'orders', 'own', 'money', 'cases', 'people'],
  supervisor: ['cases', 'money', 'who', 'owns', 'orders', 'own', 'people'],
  administrator: FACT_BLOCKS,
};

const isBlock = (name: string): name is FactBlock => FACT_BLOCKS.some((block) => block === name);
const known = (names: readonly string[]): FactBlock[] => [...new Set(names.filter(isBlock))];

/** Every block once: as it was arranged, else as the role has it; one that is new since comes last. */
export function arranged(own: Arrangement | undefined, role: Role): Arranged {
  const first = known(own?.order ?? []);
  const rest = OF_ROLE[role].filter((block) => !first.includes(block));
  return { order: [...first, ...rest], folded: known(own?.folded ?? []) };
}

/** One place up (-1) or down (1); at the end of the row it stays. */
export function moved({ order, folded }: Arranged, block: FactBlock, step: -1 | 1): Arranged {
  const at = order.indexOf(block);
  const other = order[at + step];
  if (other === undefined) return { order, folded };
  const next = [...order];
  next[at] = other;
  next[at + step] = block;
  return { order: next, folded };
}

export function foldedOrNot({ order, folded }: Arranged, block: FactBlock): Arranged {
  return { order, folded: folded.includes(block) ? folded.filter((one) => one !== block) : [...folded, block] };
}
