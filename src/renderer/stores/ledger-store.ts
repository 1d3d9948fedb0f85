import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LedgerItem } from '../../shared/contract-follow-up.ts';
import type { DangolError } from '../../shared/errors.ts';
import { dueOfCase, type Owner } from '../../shared/work.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';

type Whose = 'mine' | 'all';

export interface LedgerState {
  /** What this agent owes: read all along, because it reminds. */
  mine: readonly LedgerItem[];
  /** What anybody owes; null until it was asked for. */
  all: readonly LedgerItem[] | null;
  whose: Whose;
  /** There is more than the list shows. */
  more: boolean;
  state: 'unread' | 'ready';
  problem: DangolError | null;
  owners: readonly Owner[];
  /** Reminders that the agent has seen, by id and due time: one that was put off reminds again. */
  seen: ReadonlySet<string>;
}

export interface LedgerStore {
  store: StoreApi<LedgerState>;
  read: () => Promise<void>;
  /** Something of a customer changed: read again, once for many changes. */
  readSoon: () => void;
  show: (whose: Whose) => void;
  readOwners: () => Promise<void>;
  /** Runs an act of the ledger. Null: it is kept here and on its way. */
  run: (act: (followUp: DeskApi['followUp']) => Promise<unknown>) => Promise<DangolError | null>;
  dismiss: (item: LedgerItem, now: number) => void;
  clear: () => void;
}

const emptyLedger = (): LedgerState => ({
  ...{ mine: [], all: null, whose: 'mine', more: false },
  ...{ state: 'unread', problem: null, owners: [], seen: new Set<string>() },
});
const READ_AFTER_MS = 400;

export function createLedgerStore(api: DeskApi): LedgerStore {
  const store = createStore<LedgerState>(emptyLedger);
  let soon: ReturnType<typeof setTimeout> | null = null;
  let sitting = 0;
  const read = async () => {
    const mineOf = sitting;
    try {
      const mine = await api.followUp.ledger({ whose: 'mine' });
      const { whose } = store.getState();
      const all = whose === 'all' ? await api.followUp.ledger({ whose: 'all' }) : null;
      // Another agent came while this was on its way.
      if (mineOf !== sitting) return;
      store.setState({
        mine: mine.items,
        all: all?.items ?? null,
        more: (all ?? mine).more,
        state: 'ready',
        problem: null,
      });
    } catch (error) {
      if (mineOf === sitting) store.setState({ state: 'ready', problem: toDangolError(error) });
    }
  };
  return {
    store,
    read,
    readSoon: () => {
      soon ??= setTimeout(() => {
        soon = null;
        void read();
      }, READ_AFTER_MS);
    },
    show: (whose) => {
      store.setState({ whose });
      void read();
    },
    readOwners: async () => {
      const { owners } = await api.followUp.owners({});
      store.setState({ owners });
    },
    run: async (act) => {
      try {
        await act(api.followUp);
        await read();
        return null;
      } catch (error) {
        return toDangolError(error);
      }
    },
    dismiss: (item, now) => store.setState(({ seen }) => ({ seen: new Set([...seen, reminderKey(item, now)]) })),
    clear: () => {
      sitting += 1;
      if (soon) clearTimeout(soon);
      soon = null;
      store.setState(emptyLedger());
    },
  };
}

export const idOfItem = (item: LedgerItem) => (item.type === 'promise' ? item.promise.id : item.case.id);
export const dueOfItem = (item: LedgerItem) => (item.type === 'promise' ? item.promise.dueAt : dueOfCase(item.case));
/** What a clock warned of reminds once more when the time is over. */
const reminderKey = (item: LedgerItem, now: number) =>
  `${idOfItem(item)} ${dueOfItem(item)} ${isWarning(item, now) ? 'soon' : 'due'}`;

/** A callback is said a little before its time: whoever makes it looks at the customer first. */
const AHEAD_MS = { callback: 120_000, promise: 0, task: 0 } as const;
/** What is due by the clock of a case is said when that warns. */
function saidFrom(item: LedgerItem, due: string): number {
  if (item.type === 'promise') return Date.parse(due) - AHEAD_MS[item.promise.kind ?? 'promise'];
  const { nextBy, warnFrom } = item.case.clock ?? { nextBy: null, warnFrom: null };
  return Date.parse(due === nextBy ? (warnFrom ?? due) : due);
}
/** Its time is not over yet: the desk says that it will be. */
export function isWarning(item: LedgerItem, now: number): boolean {
  return item.type === 'case' && Date.parse(dueOfItem(item) ?? '') > now;
}
/** What has been due for longer stands in the list, and nags nobody. */
const STALE_MS = 3_600_000;

/** What is due right now and was not dismissed, the earliest first. */
export function dueNow({ mine, seen }: Pick<LedgerState, 'mine' | 'seen'>, now: number): LedgerItem[] {
  return mine.filter((item) => {
    const due = dueOfItem(item);
    if (due === null || seen.has(reminderKey(item, now))) return false;
    return saidFrom(item, due) <= now && Date.parse(due) - now > -STALE_MS;
  });
}

/** How many are overdue. */
export function overdueOf(items: readonly LedgerItem[], now: number): number {
  return items.filter((item) => Date.parse(dueOfItem(item) ?? '9999-12-31') < now).length;
}
