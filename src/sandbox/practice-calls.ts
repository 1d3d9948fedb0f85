import { randomUUID } from 'node:crypto';
import type { MediaStats } from './media/media-session.ts';
import type { Scenario } from './scenario.ts';
import type { DeskCall, DeskCallEnd } from './sip/desk-call.ts';

/** What a test or a trainer may ask about a practice call. */
export interface PracticeCallView {
  practiceCallId: string;
  /** null: the desk dialled something that is no scenario. */
  scenarioId: string | null;
  sipUsername: string | null;
  /** `waiting`: in the queue, and no desk rings. */
  state: 'waiting' | 'inviting' | 'ringing' | 'talking' | 'held' | 'ended';
  endedBy: 'caller' | 'desk' | 'network' | null;
  /** The SIP status of a call that was never answered. */
  status: number | null;
  linesSaid: number;
  media: MediaStats | null;
}

/** A call while it lives. */
export interface PracticeCall {
  readonly id: string;
  scenario: Scenario | null;
  sipUsername: string;
  call: DeskCall | null;
  leaveQueue: (() => void) | null;
  linesSaid: () => number;
  /** The other desk, where two desks talk. */
  partner: PracticeCall | null;
  /** Told once when this call is over. */
  onOver: ((by: DeskCallEnd['by'] | null) => void) | null;
}

/** All practice calls: the living ones, and of the ended ones what can be asked about them. */
export interface CallBook {
  begin: (scenario: Scenario | null, sipUsername: string) => PracticeCall;
  /** Keeps the last view and lets go of everything else. */
  finish: (record: PracticeCall) => void;
  living: () => PracticeCall[];
  find: (id: string) => PracticeCall | null;
  view: (id: string) => PracticeCallView | null;
  views: () => PracticeCallView[];
}

const KEPT_CALLS = 200;

export function createCallBook(): CallBook {
  const living = new Map<string, PracticeCall>();
  const ended = new Map<string, PracticeCallView>();
  return {
    begin: (scenario, sipUsername) => {
      const id = randomUUID();
      const record: PracticeCall = {
        id,
        scenario,
        sipUsername,
        call: null,
        leaveQueue: null,
        linesSaid: () => 0,
        partner: null,
        onOver: null,
      };
      living.set(id, record);
      return record;
    },
    finish: (record) => {
      if (!living.delete(record.id)) return;
      ended.set(record.id, { ...viewOf(record), state: 'ended' });
      const [oldest] = ended.keys();
      if (ended.size > KEPT_CALLS && oldest !== undefined) ended.delete(oldest);
      record.onOver?.(record.call?.end()?.by ?? null);
    },
    living: () => [...living.values()],
    find: (id) => living.get(id) ?? null,
    view: (id) => {
      const record = living.get(id);
      return record ? viewOf(record) : (ended.get(id) ?? null);
    },
    views: () => [...ended.values(), ...[...living.values()].map(viewOf)],
  };
}

function viewOf(record: PracticeCall): PracticeCallView {
  const phase = record.call?.phase() ?? 'ended';
  const end = record.call?.end() ?? null;
  return {
    practiceCallId: record.id,
    scenarioId: record.scenario?.id ?? null,
    sipUsername: record.call?.account ?? record.sipUsername,
    state: phase === 'ended' ? 'waiting' : phase,
    endedBy: end?.by ?? null,
    status: end?.status ?? null,
    linesSaid: record.linesSaid(),
    media: record.call?.media.stats() ?? null,
  };
}
