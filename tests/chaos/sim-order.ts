import { rowsNamedBy } from '../../src/sync/outbox.ts';
import type { Act } from './sim-acts.ts';
import { type AtRest, aboutErased, outboxOf, type Seen } from './sim-seen.ts';

/** S24: what waits at a healthy network is what the centre breaks on, and what names the same rows, and what names theirs. */
export function onlyCulpritsWait({ desks, chokes, isCulprit }: Seen): string[] {
  if (!chokes) return [];
  return desks.flatMap((desk) => {
    const held = new Set<string>();
    return outboxOf(desk).flatMap((row) => {
      if (row.status !== 'pending') return [];
      const payload = JSON.parse(row.payload) as Act['payload'];
      const names = namesOf({ desk: desk.name, payload });
      const waits = isCulprit(payload) || names.some((name) => held.has(name));
      if (waits) for (const name of names) held.add(name);
      return waits ? [] : [`${desk.name}: ${row.kind} ${row.op_id} is held up by what the centre breaks on elsewhere`];
    });
  });
}

/** S24: after three answers of nonsense to an operation alone, it waits, and all about the same rows with it. */
const STRIKES = 3;

/** What may have been overtaken: what waited, and what waited for that; at a clone also what waits for an act of its original. */
function overtaken({ acts, struck, cloned, clone }: AtRest): (act: Act) => boolean {
  const held = new Set<string>();
  const waited = new Set<string>();
  for (const act of [...acts.values()].sort((one, other) => one.index - other.index)) {
    const names = namesOf(act);
    if ((struck.get(act.opId) ?? 0) < STRIKES && !names.some((name) => held.has(name))) continue;
    waited.add(act.opId);
    for (const name of names) held.add(name);
    if (act.desk === cloned && clone !== null) for (const name of namesOf({ ...act, desk: clone })) held.add(name);
  }
  return (act) => waited.has(act.opId);
}

/** The desk, and what of it: its operations about one row, interaction or customer stay in order whatever happens. */
function namesOf({ desk, payload }: Pick<Act, 'desk' | 'payload'>): string[] {
  const { rowId, interactionId, customerId } = rowsNamedBy(payload);
  return [rowId, interactionId, customerId].filter((id) => id !== null).map((id) => `${desk} ${id}`);
}

export function orderIsKept(seen: AtRest): string[] {
  const { picture, acts, cloned, everErased } = seen;
  const waited = overtaken(seen);
  const lastOf = new Map<string, number>();
  const gone = aboutErased(acts, everErased);
  const last = new Map<string, number>();
  const failures: string[] = [];
  for (const opId of picture.log) {
    const act = acts.get(opId);
    // What was done for an erased customer is forgotten at one desk and not at its copy, and a restore brings them back.
    // A refusal that a restored centre forgot is not sent again, except by a desk that has its folder of yesterday.
    // What a folder of yesterday does not know may still arrive, late, from before.
    if (
      !act ||
      act.desk === cloned ||
      act.forgotten ||
      gone(act.payload) ||
      picture.replyTo(opId)?.status !== 'applied'
    )
      continue;
    for (const name of namesOf(act)) {
      if (act.index < (lastOf.get(name) ?? -1))
        failures.push(`${opId} of ${act.desk} came behind what was done later there`);
      lastOf.set(name, act.index);
    }
    if (waited(act)) continue;
    if (act.index < (last.get(act.desk) ?? -1)) failures.push(`${opId} of ${act.desk} came out of order`);
    last.set(act.desk, act.index);
  }
  return failures;
}
