import { type Kysely, sql } from 'kysely';
import { type Id, newId } from '../../shared/ids.ts';
import type { CallRecording, PbxAgent, RecordingWish, StateWish } from '../../shared/pbx.ts';
import type { LiveMessage } from '../../shared/sync-wire.ts';
import type { Clock } from '../clock.ts';
import type { CentralTables } from '../db/tables.ts';
import { readSetting } from '../settings.ts';
import { type AgentStates, createAgentStates } from './agent-states.ts';
import { AmiError } from './ami-connection.ts';
import { type AmiLink, createAmiLink } from './ami-link.ts';
import type { AmiMessage } from './ami-messages.ts';
import { listChannels } from './channels.ts';
import { createLines } from './lines.ts';
import { createQueueBook, type QueueNews } from './queue-book.ts';
import { createRecordings } from './recordings.ts';

export interface PbxParts {
  db: Kysely<CentralTables>;
  clock: Clock;
  random?: () => number;
  warn: (facts: { event: string; why?: string }) => void;
}

/** The PBX behind the centre: agents' states in its queues, recordings of their calls. Without the `ami` setting it says so. */
export interface Pbx {
  /** Connects where the setting is there. Never fails: the link is tried for ever. */
  start: () => Promise<void>;
  settingChanged: () => Promise<void>;
  agent: (agentId: Id) => Promise<PbxAgent>;
  /** PBX_UNREACHABLE: nothing was changed. */
  setState: (agentId: Id, wish: StateWish) => Promise<PbxAgent>;
  /** PBX_UNREACHABLE, NOT_FOUND (no such call of this agent). */
  recording: (agentId: Id, wish: RecordingWish) => Promise<CallRecording>;
  /** A desk of this agent listens; it hears their state at once and at every change. Returns the end of it. */
  follow: (agentId: Id, say: (message: LiveMessage) => void) => () => void;
  close: () => void;
}

/** Joins and leaves of a busy queue within this time are one message. */
const GATHER_MS = 250;
/** The age of the figures is theirs, not that of the last change; and what an event missed is found again. */
const REFRESH_MS = 10_000;
const RESYNC_EVERY = 3;
/** A PBX that takes a pause and never confirms it must not keep the link down for ever. */
const MOST_REPEATS = 5;

export function createPbx(parts: PbxParts): Pbx {
  const { db, clock } = parts;
  const run = newId();
  let seq = 0;
  let asOf = clock();
  let linkSince = clock();
  let longestPauseMs = 120_000;
  let refreshes = 0;
  /** Agents whose wish the PBX did not take since it started. */
  let repeats = 0;
  let closed = false;
  let refreshTimer: NodeJS.Timeout | undefined;
  const listeners = new Map<Id, Set<(message: LiveMessage) => void>>();
  const gathering = new Map<Id, NodeJS.Timeout>();
  const book = createQueueBook();
  const lines = createLines(db);
  const warn = (event: string, why?: string) => parts.warn(why === undefined ? { event } : { event, why });

  const agent = async (agentId: Id): Promise<PbxAgent> => {
    const known = await states.read(agentId);
    seq += 1;
    const times = { linkSince: iso(linkSince), asOf: iso(asOf) };
    return { agentId, run, seq, link: link.state(), ...times, ...known };
  };
  const sayTo = (agentId: Id, message: LiveMessage) => {
    for (const say of listeners.get(agentId) ?? []) say(message);
  };
  const tell = (agentId: Id) => {
    if (!listeners.has(agentId) || gathering.has(agentId) || closed) return;
    const timer = setTimeout(() => {
      gathering.delete(agentId);
      void agent(agentId)
        .then((said) => sayTo(agentId, { type: 'pbx', agent: said }))
        .catch(() => warn('pbx state not read'));
    }, GATHER_MS);
    gathering.set(agentId, timer);
  };
  const tellAll = () => {
    for (const agentId of listeners.keys()) tell(agentId);
  };
  const link: AmiLink = createAmiLink({
    random: parts.random ?? Math.random,
    onUp: async (up) => {
      await synchronize(up);
      recordings.linked(await listChannels(up.action));
      await states.resumeWrapUps();
      const start = await startOf(up);
      if (start.again) await repeatWishes();
      await start.remember();
    },
    onEvent: (event) => hear(event),
    onAlive: () => {
      asOf = clock();
    },
    onChange: (state) => {
      linkSince = clock();
      if (state !== 'up') recordings.linked(null);
      // What the PBX said while the link was coming up was not compared yet.
      else compareAt(book.devices());
      recordings.tellAll();
      tellAll();
    },
    warn,
  });
  const states: AgentStates = createAgentStates({ db, clock, link: () => link, book, lines, tell, warn });
  const recordings = createRecordings({
    clock,
    link: () => link,
    lines,
    longestPauseMs: () => longestPauseMs,
    tell: (agentId, recording) => sayTo(agentId, { type: 'recording', recording }),
    warn,
  });

  const compareAt = (devices: ReadonlySet<string>) => {
    for (const device of devices) for (const agentId of lines.agentsAt(device)) states.compare(agentId);
  };
  const spread = (news: QueueNews) => {
    compareAt(news.seats);
    for (const agentId of listeners.keys()) void tellWhereSeated(agentId, news.queues);
  };
  const tellWhereSeated = async (agentId: Id, queues: ReadonlySet<string>) => {
    const device = await lines.deviceOf(agentId).catch(() => null);
    if (device !== null && book.seatsOf(device).some((seat) => queues.has(seat.queue))) tell(agentId);
  };
  /** Grows with each event of a queue: a list that was made meanwhile may lack it. */
  let heard = 0;
  const hear = (event: AmiMessage) => {
    recordings.hear(event);
    const news = book.hear(event, clock());
    if (news === null) return;
    heard += 1;
    spread(news);
  };
  const synchronize = async (up: AmiLink) => {
    await lines.read();
    for (let tries = 0; tries < 3; tries += 1) {
      const before = heard;
      const { list } = await up.action({ Action: 'QueueStatus' });
      spread(book.replace(list, clock()));
      if (before === heard) return;
    }
  };
  /** Throws where the PBX gives no answer: the link is tried again, until it was told or said so often enough that it will not. */
  const repeatWishes = async () => {
    const agents = [...book.devices()].flatMap((device) => lines.agentsAt(device));
    for (const agentId of agents) {
      try {
        await states.repeat(agentId);
      } catch (error) {
        repeats += 1;
        if (repeats < MOST_REPEATS) throw error;
        warn('agent state was not brought to the PBX');
      }
    }
    repeats = 0;
  };
  /** Whether the PBX started since the centre last heard of a start; it then has no pause of ours any more. */
  const startOf = async (up: AmiLink): Promise<{ again: boolean; remember: () => Promise<void> }> => {
    const status = await up.action({ Action: 'CoreStatus' }).catch((error: unknown) => {
      if (error instanceof AmiError && error.kind === 'error') return null;
      throw error;
    });
    if (status === null) return { again: false, remember: async () => {} };
    const now = `${status.response.CoreStartupDate} ${status.response.CoreStartupTime}`;
    const { rows } = await sql<{ value: unknown }>`SELECT value FROM setting WHERE name = 'pbxStart'`.execute(db);
    return {
      again: rows.length > 0 && rows[0]?.value !== now,
      remember: async () => {
        await sql`
          INSERT INTO setting (name, value) VALUES ('pbxStart', ${JSON.stringify(now)}::jsonb)
          ON CONFLICT (name) DO UPDATE SET value = excluded.value`.execute(db);
      },
    };
  };
  const settingChanged = async () => {
    const setting = await readSetting(db, 'ami');
    if (setting) longestPauseMs = setting.pauseSeconds * 1000;
    if (!closed) link.use(setting);
  };
  const refresh = async () => {
    refreshes += 1;
    await settingChanged();
    if (link.state() === 'up' && refreshes % RESYNC_EVERY === 0) await synchronize(link);
    tellAll();
  };
  return {
    start: async () => {
      await settingChanged();
      refreshTimer = setInterval(() => void refresh().catch(() => warn('pbx not refreshed')), REFRESH_MS);
    },
    settingChanged,
    agent,
    setState: async (agentId, wish) => {
      await states.set(agentId, wish);
      return agent(agentId);
    },
    recording: (agentId, wish) => recordings.act(agentId, wish),
    follow: (agentId, say) => {
      const says = listeners.get(agentId) ?? new Set();
      listeners.set(agentId, says.add(say));
      void agent(agentId).then(
        (said) => says.has(say) && say({ type: 'pbx', agent: said }),
        () => warn('pbx state not read'),
      );
      return () => {
        says.delete(say);
        if (says.size === 0) listeners.delete(agentId);
      };
    },
    close: () => {
      closed = true;
      clearInterval(refreshTimer);
      for (const timer of gathering.values()) clearTimeout(timer);
      states.close();
      recordings.close();
      link.close();
    },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
