import { setTimeout as wait } from 'node:timers/promises';
import type { Id } from '../../shared/ids.ts';
import type { CallRecording, RecordingState, RecordingWish } from '../../shared/pbx.ts';
import type { Clock } from '../clock.ts';
import { CentralProblem } from '../problem.ts';
import { AmiError } from './ami-connection.ts';
import type { AmiLink } from './ami-link.ts';
import type { AmiMessage } from './ami-messages.ts';
import { findChannel, isJoined, listChannels, saysNothing } from './channels.ts';
import type { Lines } from './lines.ts';
import { type Channel, createMonitors } from './monitors.ts';
import { createPauses, type Pause } from './pauses.ts';

export interface RecordingsParts {
  clock: Clock;
  link: () => AmiLink;
  lines: Lines;
  /** How long a pause may last before it ends by itself, ms. */
  longestPauseMs: () => number;
  tell: (agentId: Id, recording: CallRecording) => void;
  warn: (event: string) => void;
}

/** The PBX's recordings of the agents' calls. Every state told comes from the PBX; asking changes nothing by itself. */
export interface Recordings {
  act: (agentId: Id, wish: RecordingWish) => Promise<CallRecording>;
  hear: (event: AmiMessage) => void;
  /** The link is up, and these channels are there; null: it is lost. */
  linked: (channels: readonly Channel[] | null) => void;
  /** Says again what is known. A pause that the link's loss made doubtful is asked for once more. */
  tellAll: () => void;
  close: () => void;
}

/** One call of one agent that a desk looks at. */
interface Watch {
  agentId: Id;
  sipCallId: string;
  /** The agent's own channel, and every channel that is joined to it. */
  own: Channel;
  uniqueids: Set<string>;
  /** Whom the agent is joined with; null: nobody. Their channel outlives a reload of the agent's page. */
  far: Channel | null;
  /** What the desks were told last. */
  told: RecordingState | null;
}

/** Desks wait two seconds for a pause; what the PBX says later is told as news. */
const ACT_MS = 1500;
const LOOK_EVERY_MS = 10;
/** Two recordings on one channel are the dialplan's and the queue's; a PBX that never says "nothing left" is not asked for ever. */
const MOST_STOPS = 8;
/** Asterisk does not tell the watched events of a call that another channel joined: it is looked at anew this often. */
const REFRESH_MS = 1500;

export function createRecordings(parts: RecordingsParts): Recordings {
  const { clock, link, lines } = parts;
  const monitors = createMonitors();
  const watches = new Map<string, Watch>();
  const pauses = createPauses({ clock, longestPauseMs: parts.longestPauseMs, resume: (pause) => forgotten(pause) });

  const ask = (fields: Record<string, string>) => link().action(fields, ACT_MS);
  const told = (watch: Watch): CallRecording => {
    const known = link().state() === 'up';
    const state = known ? monitors.stateOf(watch.uniqueids) : 'unknown';
    const pause = pauses.of(watch.uniqueids);
    // A recording that is on again has no end of a pause any more, whoever hears of it first.
    const resumesAt = pause && state !== 'on' ? new Date(pause.resumesAt).toISOString() : null;
    return { sipCallId: watch.sipCallId, state, resumesAt, asOf: new Date(clock()).toISOString() };
  };
  const tell = (watch: Watch) => {
    const recording = told(watch);
    watch.told = recording.state;
    parts.tell(watch.agentId, recording);
  };

  /** Where the call is now: transfers and conferences move it. */
  const look = async (agentId: Id, sipCallId: string): Promise<Watch> => {
    const key = `${agentId} ${sipCallId}`;
    const before = watches.get(key);
    const channels = await listChannels(ask);
    const own = before
      ? (channels.find(({ uniqueid }) => uniqueid === before.own.uniqueid) ?? null)
      : await findChannel(ask, await lines.deviceOf(agentId), sipCallId, channels);
    if (own === null) {
      watches.delete(key);
      throw new CentralProblem('NOT_FOUND', { detail: 'the PBX knows no such call of this agent' });
    }
    const watch: Watch = before ?? { agentId, sipCallId, own, uniqueids: new Set(), far: null, told: null };
    place(watch, own, channels);
    watches.set(key, watch);
    names = new Map(channels.map(({ uniqueid, name }) => [uniqueid, name]));
    return watch;
  };
  let names = new Map<string, string>();
  const place = (watch: Watch, own: Channel, channels: readonly Channel[]) => {
    const joined = channels.filter(({ linkedid, bridge }) => {
      return linkedid === own.linkedid || isJoined({ bridge }, own);
    });
    watch.own = own;
    watch.far = joined.find(({ bridge, uniqueid }) => isJoined({ bridge }, own) && uniqueid !== own.uniqueid) ?? null;
    const paused = pauses.of(watch.uniqueids);
    watch.uniqueids = new Set(joined.map(({ uniqueid }) => uniqueid));
    // Who comes into a paused call is paused with the rest.
    const pause = paused ?? pauses.of(watch.uniqueids);
    for (const uniqueid of watch.uniqueids) pause?.uniqueids.add(uniqueid);
  };
  /** Who is joined to whom now. A recording that came with a transferred caller is told; one that came into a pause is paused. */
  const refresh = async () => {
    if (link().state() !== 'up' || watches.size === 0) return;
    const channels = await listChannels(ask);
    names = new Map(channels.map(({ uniqueid, name }) => [uniqueid, name]));
    for (const watch of watches.values()) {
      const own = channels.find(({ uniqueid }) => uniqueid === watch.own.uniqueid);
      if (!own) continue;
      place(watch, own, channels);
      if (told(watch).state === watch.told) continue;
      if (pauses.of(watch.uniqueids)) {
        await muteAll(watch, true).catch(() => parts.warn('a recording that came into a pause could not be paused'));
      }
      tell(watch);
    }
  };
  let refreshing = false;
  const refreshSoon = async () => {
    if (refreshing) return;
    refreshing = true;
    await refresh().catch(() => undefined);
    refreshing = false;
  };
  const refreshed = setInterval(() => void refreshSoon(), REFRESH_MS);
  refreshed.unref();

  const mute = async (uniqueid: string, is: boolean) => {
    const Channel = names.get(uniqueid);
    if (Channel === undefined) return;
    try {
      await ask({ Action: 'MixMonitorMute', Channel, Direction: 'both', State: is ? '1' : '0' });
      monitors.muted(uniqueid, is);
    } catch (error) {
      if (!saysNothing(error)) throw error;
      monitors.none(uniqueid);
    }
  };
  const stop = async (uniqueid: string) => {
    const Channel = names.get(uniqueid);
    if (Channel === undefined || !monitors.mayRun(uniqueid)) return;
    try {
      // Each ends one recording, the first that Asterisk finds; that it ended is told by its event.
      for (let stops = 0; stops < MOST_STOPS; stops += 1) await ask({ Action: 'StopMixMonitor', Channel });
    } catch (error) {
      if (!saysNothing(error)) throw error;
      monitors.none(uniqueid);
    }
  };
  /** Every channel of the call, also those of which nothing was heard: what is not asked may be recording. */
  const muteAll = async (watch: Watch, is: boolean) => {
    await Promise.all([...watch.uniqueids].map((uniqueid) => mute(uniqueid, is)));
  };
  const pause = async (watch: Watch) => {
    pauses.end(pauses.of(watch.uniqueids));
    const begun = pauses.begin(watch.uniqueids);
    await muteAll(watch, true);
    if (monitors.stateOf(watch.uniqueids) !== 'paused') pauses.end(begun);
  };
  const resume = async (watch: Watch) => {
    await muteAll(watch, false);
    pauses.end(pauses.of(watch.uniqueids));
  };
  /** A pause that was forgotten, whoever has the call by now, or nobody's desk. */
  const forgotten = async (pause: Pause): Promise<void> => {
    const channels = await listChannels(ask);
    names = new Map(channels.map(({ uniqueid, name }) => [uniqueid, name]));
    const looking = [...watches.values()].filter(({ uniqueids }) => pauses.of(uniqueids) === pause);
    await Promise.all([...pause.uniqueids].map((uniqueid) => mute(uniqueid, false)));
    pauses.end(pause);
    parts.warn('a recording was resumed after the longest pause');
    for (const watch of looking) tell(watch);
  };
  const perform = async (watch: Watch, act: RecordingWish['act']) => {
    if (act === 'pause') await pause(watch);
    if (act === 'resume') await resume(watch);
    if (act === 'stop') {
      for (const uniqueid of watch.uniqueids) await stop(uniqueid);
      pauses.end(pauses.of(watch.uniqueids));
    }
    if (act === 'start' && monitors.stateOf(watch.uniqueids) === 'off') {
      const File = `dangol-${watch.own.uniqueid}-${clock()}.wav`;
      await ask({ Action: 'MixMonitor', Channel: (watch.far ?? watch.own).name, File });
      // The answer says that the wish was understood; that it runs is told by an event after it.
      const until = clock() + ACT_MS;
      while (monitors.stateOf(watch.uniqueids) === 'off' && clock() < until) await wait(LOOK_EVERY_MS);
    }
  };
  return {
    act: async (agentId, { sipCallId, act }) => {
      if (link().state() !== 'up') throw new CentralProblem('PBX_UNREACHABLE', { detail: link().state() });
      try {
        const watch = await look(agentId, sipCallId);
        await perform(watch, act);
        tell(watch);
        return told(watch);
      } catch (error) {
        if (!(error instanceof AmiError)) throw error;
        throw new CentralProblem('PBX_UNREACHABLE', { detail: `${error.kind}: ${error.message}` });
      }
    },
    hear: (event) => {
      const uniqueid = monitors.hear(event);
      if (uniqueid === null) return;
      if (event.Event === 'Hangup') pauses.gone(uniqueid);
      if (event.Channel !== undefined) names.set(uniqueid, event.Channel);
      for (const [key, watch] of watches) {
        if (!watch.uniqueids.has(uniqueid) && event.Linkedid !== watch.own.linkedid) continue;
        if (event.Event === 'Hangup') {
          if (watch.own.uniqueid === uniqueid) watches.delete(key);
          // Somebody else left: perhaps because another party took their place.
          else void refreshSoon();
          continue;
        }
        watch.uniqueids.add(uniqueid);
        pauses.of(watch.uniqueids)?.uniqueids.add(uniqueid);
        // A recording that begins in a pause, after a transfer say, is paused with the rest.
        if (event.Event === 'MixMonitorStart' && pauses.of(watch.uniqueids)) {
          void mute(uniqueid, true)
            .catch(() => parts.warn('a recording that began in a pause could not be paused'))
            .finally(() => tell(watch));
        }
        tell(watch);
      }
    },
    linked: (channels) => {
      if (channels) monitors.begin(channels);
      else monitors.clear();
    },
    tellAll: () => {
      for (const watch of watches.values()) {
        const up = link().state() === 'up';
        const again = up && pauses.of(watch.uniqueids) ? muteAll(watch, true) : Promise.resolve();
        void again.catch(() => parts.warn('a pause could not be confirmed')).finally(() => tell(watch));
      }
    },
    close: () => {
      pauses.close();
      clearInterval(refreshed);
      watches.clear();
    },
  };
}
