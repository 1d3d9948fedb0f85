import type { Act } from './sim-acts.ts';
import type { CentrePicture, SimCentre } from './sim-centre.ts';
import type { SimDesk } from './sim-desk.ts';

export interface Seen {
  centre: SimCentre;
  desks: readonly SimDesk[];
  acts: ReadonlyMap<string, Act>;
  seeded: ReadonlySet<string>;
  /** Customers that were erased at any time. */
  everErased: Set<string>;
  wordOf: (customerId: string) => string;
  /** An operation may have been overtaken: the centre broke on it. */
  chokes: boolean;
  /** What it breaks on. */
  isCulprit: (payload: Act['payload']) => boolean;
  /** How often the answer to an operation alone was nonsense. */
  struck: ReadonlyMap<string, number>;
  /** How often something came back as an older copy of itself without a new name: a desk, or the centre. */
  copies: number;
  /** The centre was a copy of itself for a while, under a name that it had before: what it said then, nobody is held to. */
  doubled: boolean;
  /** The storm is over. */
  peaceful: boolean;
  /** In this run desks lose and change rows of their own, without a word. */
  spoils: boolean;
  /** The desk whose operations a clone holds as well: each sends what it has, and one may hear another word than the other. */
  cloned: string | null;
  /** The clone: what its original did before, it holds, too. */
  clone: string | null;
  /** Some desks hold only the customers of their team, and these change. */
  scoped: boolean;
  /** Customers whom the team let go at any time. */
  everDeparted: Set<string>;
}

interface OutboxRow {
  op_id: string;
  status: string;
  payload: string;
  kind: string;
  reply_code: string | null;
}

/** What everything is held against at rest. */
export interface AtRest extends Seen {
  picture: CentrePicture;
}

/** Whether something was done for an erased customer, also on a call before they were known. */
export function aboutErased(acts: Seen['acts'], customers: ReadonlySet<string>): (payload: Act['payload']) => boolean {
  const about = [...acts.values()].filter(({ payload }) => isAbout(payload, customers));
  const interactions = new Set(about.map(({ payload }) => interactionOf(payload)));
  interactions.delete(null);
  return (payload: Act['payload']) => isAbout(payload, customers) || interactions.has(interactionOf(payload));
}

function isAbout(payload: Act['payload'], customers: ReadonlySet<string>): boolean {
  return 'customerId' in payload && payload.customerId !== null && customers.has(payload.customerId);
}

function interactionOf(payload: Act['payload']): string | null {
  return 'interactionId' in payload ? payload.interactionId : null;
}

export function outboxOf(desk: SimDesk): OutboxRow[] {
  return desk.dbs
    .ask('outbox', 'SELECT op_id, status, payload, kind, reply_code FROM operation ORDER BY rowid')
    .all() as OutboxRow[];
}
