import { PROTOCOL_VERSION, type PushResponse } from '../shared/sync-wire.ts';
import { collectAccessEntries } from './access-batch.ts';
import type { AppliedChange } from './apply.ts';
import { createChokeGuard } from './choke-guard.ts';
import { type Clock, instantOf } from './clock.ts';
import { reasonOf } from './failure.ts';
import type { ReplyApplier } from './fresh-rows.ts';
import { makeId } from './ids.ts';
import type { AfterWork } from './lane.ts';
import { type OperationRow, toOperation } from './outbox.ts';
import { nextBatch, quarantineDependants } from './outbox-batch.ts';
import {
  adoptEpoch,
  type Decided,
  purgeDecided,
  readAcknowledged,
  readAcknowledgedEpoch,
  storeReplies,
  takeNewDevice,
} from './outbox-replies.ts';
import type { WritableDb } from './sql-db.ts';
import { placeOf, readSyncState } from './sync-state.ts';
import { SyncFailure, type SyncTransport } from './transport.ts';

export interface PushOptions {
  cache: WritableDb;
  outbox: WritableDb;
  replies: Pick<ReplyApplier, 'applyReply' | 'fills'>;
  transport: SyncTransport;
  clock: Clock;
  random: () => number;
  onContact: () => void;
  onApplied: (change: AppliedChange) => void;
  onDecided: (decided: Decided) => void;
  onDeviceChanged: (deviceId: string) => void;
  /** The centre is of another epoch than this desk knows. */
  onOtherEpoch: () => void;
  /** Where another thread writes the cache, too: waits for its turn. */
  turn?: ((work: () => boolean) => Promise<boolean>) | undefined;
}

/** Access entries wait at most this long for company. */
const ACCESS_BATCH_MS = 10_000;
const PURGE_EVERY_MS = 3_600_000;
/** New names or epochs in a row without one accepted operation: then the centre contradicts itself. */
const MAX_TURNS = 3;

/** One round of uploading, as the push lane calls it: at most one request. */
export function createPush(options: PushOptions): (signal: AbortSignal) => Promise<AfterWork> {
  const { outbox, cache, clock, random } = options;
  const choke = createChokeGuard(clock);
  let accessDueAt = clock.now();
  let purgeDueAt = '';
  let turns = 0;

  const prepare = (): OperationRow[] => {
    const now = clock.now();
    const accessDue = now >= accessDueAt || now < accessDueAt - ACCESS_BATCH_MS;
    if (accessDue) accessDueAt = now + ACCESS_BATCH_MS;
    const batch = outbox
      .transaction(() => {
        collectAccessEntries(outbox, { clock, random, force: accessDue });
        const quarantined = quarantineDependants(outbox, cache, instantOf(now));
        return { quarantined, rows: nextBatch(outbox, choke.limit(), choke.deferred()) };
      })
      .immediate();
    if (batch.quarantined.length > 0) {
      options.onDecided({ acknowledged: [], attention: batch.quarantined, erased: false });
    }
    return batch.rows;
  };

  const turn = (error: unknown): AfterWork => {
    const kind = reasonOf(error)?.kind;
    if (kind !== 'epoch_changed' && kind !== 'device_forked') throw error;
    turns += 1;
    if (turns > MAX_TURNS) {
      turns = 0;
      throw new SyncFailure({ kind: 'nonsense' }, `the centre answered ${kind} again and again`, error);
    }
    options.onContact();
    if (kind === 'epoch_changed') {
      outbox.transaction(() => adoptEpoch(outbox, null)).immediate();
      options.onOtherEpoch();
    } else {
      const deviceId = makeId(clock, random);
      outbox.transaction(() => takeNewDevice(outbox, deviceId)).immediate();
      options.onDeviceChanged(deviceId);
    }
    return { again: true };
  };

  const accept = (sent: readonly OperationRow[], response: PushResponse): boolean => {
    const epoch = readAcknowledgedEpoch(outbox);
    if (epoch !== null && epoch !== response.epoch) return false;
    const rows = response.replies.flatMap((reply) => (reply.status === 'applied' ? reply.rows : []));
    const outside = new Set(response.outside);
    const change = cache.transaction(() => options.replies.applyReply(rows, response.epoch, outside)).immediate();
    options.onApplied(change);
    const decided = outbox
      .transaction(() => {
        adoptEpoch(outbox, response.epoch);
        const purgeNow = response.serverTime > purgeDueAt;
        if (purgeNow) purgeDecided(outbox, response.serverTime);
        return { ...storeReplies(outbox, cache, sent, response), purgeNow };
      })
      .immediate();
    if (decided.purgeNow) purgeDueAt = instantOf(Date.parse(response.serverTime) + PURGE_EVERY_MS);
    options.onDecided(decided);
    return true;
  };

  return async (signal) => {
    const batch = prepare();
    const first = batch[0];
    if (!first) return { again: false, idleMs: choke.nextTryIn() ?? ACCESS_BATCH_MS };
    const fills = options.replies.fills();
    let response: PushResponse;
    try {
      response = await options.transport.push(
        {
          protocol: PROTOCOL_VERSION,
          deviceId: first.device_id,
          epoch: readAcknowledgedEpoch(outbox),
          acknowledged: readAcknowledged(outbox),
          cursor: placeOf(readSyncState(cache)),
          operations: batch.map(toOperation),
        },
        signal,
      );
      if (signal.aborted) return { again: true };
      checkReplies(batch, response);
    } catch (error) {
      if (signal.aborted) return { again: true };
      if (reasonOf(error)?.kind === 'nonsense') choke.failed(batch);
      return turn(error);
    }
    options.onContact();
    choke.worked(batch);
    // Filled anew meanwhile, maybe for somebody else: the same is asked again, and what is outside is said of now.
    const isOfNow = () => options.replies.fills() === fills;
    if (!isOfNow()) return { again: true };
    const take = () => accept(batch, response);
    const accepted = options.turn ? await options.turn(() => !signal.aborted && isOfNow() && take()) : take();
    if (signal.aborted || !isOfNow()) return { again: true };
    if (accepted) turns = 0;
    else return turn(new SyncFailure({ kind: 'epoch_changed' }, 'the reply is of another epoch'));
    return { again: true };
  };
}

function checkReplies(sent: readonly OperationRow[], response: PushResponse): void {
  const fits =
    response.replies.length === sent.length && sent.every((row, i) => response.replies[i]?.opId === row.op_id);
  if (!fits) throw new SyncFailure({ kind: 'nonsense' }, 'push: the replies are not those of the operations');
}
