import { type Kysely, sql } from 'kysely';
import type { Agent } from '../../shared/agent.ts';
import type { Id } from '../../shared/ids.ts';
import { type OperationReply, PushRequest, type RejectionCode } from '../../shared/sync-wire.ts';
import { dealtWith } from '../assignments.ts';
import { type Clock, instant } from '../clock.ts';
import { isTransient, rejectionOfDatabase } from '../db/database-error.ts';
import type { Store } from '../db/store.ts';
import type { CentralTables } from '../db/tables.ts';
import { Rejection } from '../effects/effect.ts';
import { applyPayload, customerOfPayload, ofLiveCustomer, rowOfPayload } from '../effects/index.ts';
import { CentralProblem } from '../problem.ts';
import { countWrittenRecords, keepLosers, type RecordWrite, writeRecords } from '../records.ts';
import { readCursor } from './cursor.ts';
import { mustKnow, readEpoch } from './epoch.ts';
import { outsideOf } from './outside.ts';
import { type ReadOperation, readOperation, whatIsWrong } from './read-operation.ts';

export interface PushContext {
  store: Store;
  /** Seals cursors. */
  secret: string;
  clock: Clock;
  country: () => Promise<string>;
  /** Whether desks hold less than everybody: then whom an agent dealt with comes to their desk. */
  isNarrow?: () => Promise<boolean>;
}

/**
 * Body of POST /v1/sync/push: one reply per operation, in the order sent, as it is stored.
 * Each operation is a transaction of its own: its effect, the device's sequence and the reply, all or nothing.
 */
export async function push(context: PushContext, rootId: Id, body: unknown): Promise<string> {
  const request = PushRequest.safeParse(body);
  if (!request.success) throw new CentralProblem('BAD_INPUT', { detail: whatIsWrong(request.error) });
  const { deviceId, epoch, acknowledged, cursor, operations } = request.data;
  const now = await readEpoch(context.store);
  if (epoch !== null && epoch !== now.name) throw new CentralProblem('EPOCH_CHANGED');
  await ownDevice(context, rootId, deviceId);
  if (epoch !== null && acknowledged !== undefined) await mustKnow(context.store, now, acknowledged);
  const country = await context.country();
  const narrow = (await context.isNarrow?.()) ?? false;
  const replies: string[] = [];
  for (const raw of operations) {
    replies.push(await settle(context, { rootId, deviceId, country, narrow }, readOperation(raw, deviceId)));
  }
  const place = narrow && cursor !== undefined ? readCursor(cursor, context.secret) : null;
  const outside = JSON.stringify(await outsideOf(context.store.db, place, replies));
  return `{"epoch":${JSON.stringify(now.name)},"replies":[${replies.join(',')}],"outside":${outside},"serverTime":"${instant(context.clock)}"}`;
}

/** A desk that found itself cloned comes with a new id: it joins the family of its token. */
async function ownDevice(context: PushContext, rootId: Id, deviceId: Id): Promise<void> {
  await context.store.db
    .insertInto('device')
    .values({ id: deviceId, root_id: rootId, last_seq: '0', created_at: new Date(context.clock()) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const device = await context.store.db
    .selectFrom('device')
    .select('root_id')
    .where('id', '=', deviceId)
    .executeTakeFirstOrThrow();
  if (device.root_id !== rootId) throw new CentralProblem('FORBIDDEN', { detail: 'the token belongs to another desk' });
}

interface Sender {
  rootId: Id;
  deviceId: Id;
  country: string;
  narrow: boolean;
}

const TRIES = 4;

/** The final word on one operation; found by what the database itself refuses, too. */
async function settle(context: PushContext, sender: Sender, read: ReadOperation): Promise<string> {
  let verdict = read;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await settleOnce(context, sender, verdict);
    } catch (error) {
      const refused = verdict.fits ? rejectionOfDatabase(error) : null;
      if (refused && verdict.fits) {
        const { opId } = verdict.operation;
        verdict = { fits: false, envelope: verdict.envelope, opId, code: 'INVALID', detail: refused };
      } else if (!isTransient(error) || attempt >= TRIES) {
        throw error;
      }
    }
  }
}

async function settleOnce(context: PushContext, sender: Sender, read: ReadOperation): Promise<string> {
  // Nothing to know it by: answered, but not kept.
  const { envelope } = read;
  if (envelope === null) return rejected(read.fits ? read.operation.opId : read.opId, read);
  return context.store.db.transaction().execute(async (trx) => {
    // One operation of a device at a time.
    await sql`SELECT last_seq FROM device WHERE id = ${sender.deviceId} FOR UPDATE`.execute(trx);
    const stored = await earlierReply(trx, envelope);
    if (stored !== null) return stored;
    const { reply, payload } = read.fits
      ? await effectOf(context, trx, sender, read.operation)
      : { reply: rejected(read.opId, read), payload: null };
    await keepReply(trx, { read, about: payload }, envelope, reply, instant(context.clock));
    return reply;
  });
}

/** What this operation was answered before; null for a new one. DEVICE_FORKED where another operation has its sequence. */
async function earlierReply(
  trx: Kysely<CentralTables>,
  { opId, deviceId, deviceSeq }: { opId: Id; deviceId: Id; deviceSeq: number },
): Promise<string | null> {
  const { rows } = await sql<{ same: boolean; reply: string }>`
    SELECT op_id = ${opId} AS same, reply FROM operation
    WHERE op_id = ${opId} OR (device_id = ${deviceId} AND device_seq = ${deviceSeq})`.execute(trx);
  const stored = rows.find((row) => row.same);
  if (stored) return stored.reply;
  if (rows.length === 0) return null;
  throw new CentralProblem('DEVICE_FORKED', { detail: `sequence ${deviceSeq} is another operation's` });
}

function rejected(opId: Id, read: ReadOperation | { code: RejectionCode; detail: string }): string {
  const code = 'code' in read ? read.code : 'INVALID';
  const detail = 'detail' in read ? read.detail.slice(0, 500) : '';
  return JSON.stringify({ opId, status: 'rejected', code, detail } satisfies OperationReply);
}

type Fitting = Extract<ReadOperation, { fits: true }>['operation'];

interface Outcome {
  reply: string;
  /** As it was done: of the customer who lives now, where the one it names was merged. */
  payload: Fitting['payload'];
}

const QUIET_AT_ONCE = 2000;

async function writeQuietly(trx: Kysely<CentralTables>, writes: RecordWrite[]): Promise<void> {
  for (let at = 0; at < writes.length; at += QUIET_AT_ONCE) {
    await countWrittenRecords(trx, writes.slice(at, at + QUIET_AT_ONCE));
  }
}

async function effectOf(
  { clock }: PushContext,
  trx: Kysely<CentralTables>,
  sender: Sender,
  operation: Fitting,
): Promise<Outcome> {
  const { opId, authorId, payload } = operation;
  const now = instant(clock);
  try {
    const author = await authorOn(trx, sender.rootId, authorId);
    if (author === null) throw new Rejection('FORBIDDEN', 'the author never signed in on this desk');
    const context = { trx, operation, author, now, country: sender.country };
    const live = await ofLiveCustomer(context, payload);
    // What an author saw of another row is no version of this one.
    const seen = live === payload ? operation : { ...operation, baseVersion: null };
    const writes = await applyPayload({ ...context, operation: seen }, live);
    const customerId = sender.narrow ? customerOfPayload(live) : null;
    if (customerId !== null) await dealtWith(trx, author.id, customerId, now);
    await keepLosers(trx, writes, opId, now);
    const rows = await writeRecords(
      trx,
      writes.filter(({ quiet }) => !quiet),
    );
    await writeQuietly(
      trx,
      writes.filter(({ quiet }) => quiet),
    );
    return { reply: `{"opId":"${opId}","status":"applied","rows":[${rows.join(',')}]}`, payload: live };
  } catch (error) {
    if (error instanceof Rejection)
      return { reply: rejected(opId, { code: error.code, detail: error.message }), payload };
    throw error;
  }
}

/** The author, if they ever signed in on this desk; also when they may not sign in any more. */
async function authorOn(trx: Kysely<CentralTables>, rootId: Id, agentId: Id): Promise<Agent | null> {
  const { rows } = await sql<{ data: Agent | null }>`
    SELECT r.data FROM device_author a JOIN record r ON r.tbl = 'agent' AND r.id = a.agent_id
    WHERE a.root_id = ${rootId} AND a.agent_id = ${agentId}`.execute(trx);
  return rows[0]?.data ?? null;
}

async function keepReply(
  trx: Kysely<CentralTables>,
  { read, about }: { read: ReadOperation; about: Fitting['payload'] | null },
  { opId, deviceId, deviceSeq }: { opId: Id; deviceId: Id; deviceSeq: number },
  reply: string,
  now: string,
): Promise<void> {
  const op = read.fits ? read.operation : null;
  const status = reply.includes('"status":"applied"') ? 'applied' : 'rejected';
  // What comes about an erased customer is refused, and its words are not kept with the refusal either.
  const aboutErased = status === 'rejected' && reply.includes('"code":"ERASED"');
  const mayKeep = op !== null && op.payload.kind !== 'access.record' && !aboutErased;
  const payload = mayKeep ? JSON.stringify(op.payload) : null;
  await sql`
    WITH counted AS (UPDATE device SET last_seq = greatest(last_seq, ${deviceSeq}) WHERE id = ${deviceId})
    INSERT INTO operation (op_id, device_id, device_seq, author_id, kind, row_id, customer_id, base_version, claimed_at,
      received_at, payload, status, reply)
    VALUES (${opId}, ${deviceId}, ${deviceSeq}, ${op?.authorId ?? null}, ${op?.payload.kind ?? null},
      ${about && rowOfPayload(about)}, ${about && customerOfPayload(about)}, ${op?.baseVersion ?? null},
      ${op?.claimedAt ?? null}, ${now}, ${payload}::jsonb, ${status}, ${reply})`.execute(trx);
}
