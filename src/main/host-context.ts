import type { Agent } from '../shared/agent.ts';
import type { CallingPolicy } from '../shared/central-api.ts';
import type { CurrentRule } from '../shared/current-customer.ts';
import type { HostEvent } from '../shared/host-types.ts';
import type { Clock } from '../sync/clock.ts';
import type { HostDb } from './db/connection.ts';

/** Events for people who repair; never numbers, names or credentials. */
export type Log = (event: string, data?: Record<string, string | number | boolean>) => void;

/** Who sits at this desk, as far as acts need to know. */
export interface Seat {
  /** The signed-in agent, also while the lease is over: what was typed may always be saved. @throws SIGNED_OUT. */
  author: () => Agent;
  /** Whose call this is: the author's; after a sign-out in a call that of whoever left, until it is over. @throws SIGNED_OUT. */
  caller?: (callId: string) => Agent;
  /** The same for looking at personal data. @throws SIGNED_OUT, LOCKED. */
  reader: () => Agent;
  policy: () => CallingPolicy | null;
  /** Who is a customer now, as the business means it; null: it does not say. */
  currentRule?: () => CurrentRule | null;
  /** A colleague's line, as the centre's directory names it. */
  isLine: (extension: string) => boolean;
  /** ISO 3166-1 alpha-2 of numbers without a country code. */
  country: () => string;
}

/** What the host's acts work with. Everything comes in here: no act knows how it was opened. */
export interface HostContext {
  cache: HostDb;
  outbox: HostDb;
  clock: Clock;
  log: Log;
  seat: Seat;
  emit: (event: HostEvent) => void;
  /** After a commit to the outbox. */
  wake: () => void;
}

/** Now, as an Instant of this desk's clock. */
export function nowInstant(context: Pick<HostContext, 'clock'>): string {
  return new Date(context.clock.now()).toISOString();
}

/** Tells all windows which customers were written here, and the engine that there is work. Call it after the commit. */
export function afterWrite(context: HostContext, customerIds: readonly (string | null)[]): void {
  context.wake();
  const ids = customerIds.filter((id) => id !== null);
  if (ids.length > 0) context.emit({ type: 'customers_changed', customerIds: [...new Set(ids)], all: false });
}
