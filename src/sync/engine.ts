import type { SyncStatus } from '../shared/host-types.ts';
import { SNAPSHOT_MAX_ROWS } from '../shared/sync-wire.ts';
import { type AppliedChange, createApplier } from './apply.ts';
import { type AuditNews, createAudit } from './audit.ts';
import { noteCentreClock } from './centre-clock.ts';
import { instantOf } from './clock.ts';
import type { SyncEngine, SyncEngineOptions, SyncEvent } from './engine-types.ts';
import { reasonOf } from './failure.ts';
import { createFill, type Fill, type FillOptions } from './fill.ts';
import { forgetCustomers, truncateLogs } from './forget.ts';
import { createReplyApplier } from './fresh-rows.ts';
import { createLane, surface } from './lane.ts';
import { createLive } from './live.ts';
import { writeKept } from './outbox.ts';
import type { Decided } from './outbox-replies.ts';
import { createPull } from './pull.ts';
import { createPush } from './push.ts';
import { CAUGHT_UP, readStatus } from './status.ts';
import { readSyncState } from './sync-state.ts';
import { createTurns, type Turns } from './turns.ts';

export type { SyncEngine, SyncEngineOptions, SyncEvent } from './engine-types.ts';

/** Rest between looks at the centre when nothing pokes: long while the live connection is up. */
const PULL_EVERY_CONNECTED_MS = 60_000;
const PULL_EVERY_MS = 10_000;
/** How often the last contact is written down; the status may be older by this much. */
const CONTACT_EVERY_MS = 1000;

/**
 * Keeps a desk and the centre in step, for ever, by itself: see SPEC.md for the rules.
 * Push, pull and the live connection run side by side; none of them waits for another.
 */
export function createSyncEngine(options: SyncEngineOptions): SyncEngine {
  const { cache, outbox, transport, clock, random } = options;
  const applier = createApplier(cache);
  const replies = createReplyApplier(cache, applier);
  let progressSince: { at: number; done: number } | null = null;
  let lastStatus = '';
  let cancelTruncate: () => void = () => undefined;

  const onEvent = (event: SyncEvent) => {
    try {
      options.onEvent(event);
    } catch (error) {
      surface(clock, error);
    }
  };
  const status = () =>
    readStatus({ cache, outbox, clock, push: pushLane.state(), pull: pullLane.state(), progressSince });
  const emitStatus = () => {
    let now: SyncStatus;
    try {
      now = status();
    } catch {
      // A failing disk: the lane that met it tries again, and this is said after its next round.
      return;
    }
    const text = JSON.stringify(now);
    if (text === lastStatus) return;
    lastStatus = text;
    onEvent({ type: 'status', status: now });
  };
  const noteMoments = (name: string) => {
    let writtenAt = Number.NEGATIVE_INFINITY;
    return () => {
      const now = clock.now();
      if (Math.abs(now - writtenAt) < CONTACT_EVERY_MS) return;
      writtenAt = now;
      outbox.transaction(() => writeKept(outbox, name, instantOf(now))).immediate();
    };
  };
  const onContact = noteMoments('sync.last_contact');
  const onCaughtUp = noteMoments(CAUGHT_UP);
  const truncate = () => {
    cancelTruncate();
    cancelTruncate = truncateLogs(clock, [cache, outbox], turns?.run);
  };
  const turns = options.filler && createTurns();
  const forget = (customerIds: string[]) => {
    if (customerIds.length === 0) return;
    outbox.transaction(() => forgetCustomers(outbox, customerIds)).immediate();
    onEvent({ type: 'customers_deleted', customerIds, left: false });
    truncate();
  };
  const onApplied = (change: AppliedChange) => {
    // First: while the outbox cannot be written, forgetting fails and is done later, and nobody else would tell of the rows.
    if (change.customerIds.size > 0 || change.catalogue) {
      onEvent({
        type: 'rows_changed',
        customerIds: [...change.customerIds],
        all: false,
        catalogue: change.catalogue,
      });
    }
    const left = [...change.leftCustomerIds];
    // Their operations stay: a restored centre may lack them.
    if (left.length > 0) onEvent({ type: 'customers_deleted', customerIds: left, left: true });
    if (change.deletions) truncate();
    forget([...change.deletedCustomerIds]);
  };
  const onDecided = (decided: Decided) => {
    for (const row of decided.acknowledged) {
      if (row.kind === 'note.save') onEvent({ type: 'note_mark', noteId: row.row_id, mark: 'centre' });
    }
    for (const row of decided.attention) {
      if (row.kind === 'note.save') onEvent({ type: 'note_mark', noteId: row.row_id, mark: 'attention' });
    }
    if (decided.attention.length > 0) onEvent({ type: 'attention_changed' });
    if (decided.erased) truncate();
    emitStatus();
  };
  const onAudit = (news: AuditNews) => {
    onEvent({ type: 'audit', ...news });
    emitStatus();
  };
  const onProgress = () => {
    const { bootstrap } = readSyncState(cache);
    if (bootstrap === null) progressSince = null;
    else progressSince ??= { at: clock.now(), done: bootstrap.done };
    emitStatus();
  };

  const pushLane = createLane({
    clock,
    random,
    work: createPush({
      cache,
      outbox,
      transport,
      clock,
      random,
      replies,
      onContact,
      onApplied,
      onDecided,
      onDeviceChanged: (deviceId) => onEvent({ type: 'device_changed', deviceId }),
      onOtherEpoch: () => pullLane.wake(),
      turn: turns?.run,
    }),
    onRound: (recovered) => {
      if (recovered) {
        pullLane.recover();
        live.recover();
      }
      emitStatus();
    },
  });
  const live = createLive({
    transport,
    clock,
    random,
    onPoke: () => pullLane.wake(),
    onWelcome: () => {
      pushLane.recover();
      pullLane.recover();
    },
  });
  const plan = options.audit;
  const audit =
    plan && createAudit({ cache, outbox, transport, clock, random, applier, fresh: replies, plan, onApplied, onAudit });
  const pullLane = createLane({
    clock,
    random,
    work: createPull({
      cache,
      outbox,
      transport,
      clock,
      applier,
      fresh: replies,
      onContact,
      onCentreClock: noteCentreClock(outbox, clock),
      onCaughtUp,
      onApplied,
      onProgress,
      fill: createFillOf(options, { turns, fresh: replies, onApplied, onProgress }),
      audit,
      onResend: () => pushLane.wake(),
      onUnforgotten: forget,
      onBootstrapped: () => onEvent({ type: 'rows_changed', customerIds: [], all: true, catalogue: true }),
      idleMs: () => jittered(live.connected() ? PULL_EVERY_CONNECTED_MS : PULL_EVERY_MS, random),
    }),
    // A page of a first load may take long, and has threads of its own.
    mayBeginAnew: () => readSyncState(cache).cursor !== null,
    onRound: (recovered) => {
      if (recovered) {
        pushLane.recover();
        live.recover();
      }
      emitStatus();
    },
  });

  return {
    start: () => {
      pushLane.start();
      pullLane.start();
      live.start();
    },
    stop: async () => {
      cancelTruncate();
      live.stop();
      await Promise.all([pushLane.stop(), pullLane.stop()]);
      await options.filler?.rest();
      cancelTruncate();
    },
    wake: () => {
      pushLane.wake();
      if (reasonOf(pullLane.state().failure)?.kind === 'signed_out') {
        pullLane.wake();
        live.hurry();
      }
      emitStatus();
    },
    tryNow: () => {
      pushLane.hurry();
      pullLane.hurry();
      live.hurry();
    },
    status,
  };
}

function createFillOf(
  { cache, filler, transport }: SyncEngineOptions,
  { turns, ...told }: { turns: Turns | undefined } & Pick<FillOptions, 'fresh' | 'onApplied' | 'onProgress'>,
): Fill | undefined {
  const ask = transport.snapshotBody;
  return filler && turns && ask && createFill({ cache, filler, turns, ask, limit: SNAPSHOT_MAX_ROWS, ...told });
}

/** Within a fifth more or less, so that desks that began together drift apart. */
function jittered(milliseconds: number, random: () => number): number {
  return Math.floor(milliseconds * (0.8 + 0.4 * random()));
}
