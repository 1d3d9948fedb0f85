import type { RecordingState } from '../../shared/pbx.ts';
import type { AmiMessage } from './ami-messages.ts';

interface Monitor {
  running: number;
  muted: boolean;
}

/** One channel of the PBX as CoreShowChannels lists it. */
export interface Channel {
  name: string;
  uniqueid: string;
  linkedid: string;
  bridge: string;
}

/** Which channels are recorded, by the PBX's own events. What began before the link is not known until the PBX says more. */
export interface Monitors {
  /** The link is up: these channels are older than what was heard. */
  begin: (channels: readonly Channel[]) => void;
  /** Uniqueid of the channel that the event is about; null: not about recordings. */
  hear: (event: AmiMessage) => string | null;
  /** The PBX answered that every recording of this channel is muted, or sounds. */
  muted: (uniqueid: string, muted: boolean) => void;
  /** The PBX answered that nothing records this channel. */
  none: (uniqueid: string) => void;
  started: (uniqueid: string) => void;
  mayRun: (uniqueid: string) => boolean;
  stateOf: (uniqueids: Iterable<string>) => RecordingState;
  clear: () => void;
}

export function createMonitors(): Monitors {
  const monitors = new Map<string, Monitor>();
  let older = new Set<string>();
  const monitorOf = (uniqueid: string): Monitor => {
    const monitor = monitors.get(uniqueid) ?? { running: 0, muted: false };
    monitors.set(uniqueid, monitor);
    return monitor;
  };
  const none = (uniqueid: string) => {
    monitors.delete(uniqueid);
    older.delete(uniqueid);
  };
  const muted = (uniqueid: string, is: boolean) => {
    older.delete(uniqueid);
    const { running } = monitorOf(uniqueid);
    monitors.set(uniqueid, { running: Math.max(1, running), muted: is });
  };
  const started = (uniqueid: string) => {
    older.delete(uniqueid);
    // A second recording of a muted channel sounds: the channel is not silent any more.
    monitors.set(uniqueid, { running: monitorOf(uniqueid).running + 1, muted: false });
  };
  const stopped = (uniqueid: string) => {
    const { running, muted: was } = monitorOf(uniqueid);
    if (running <= 1) monitors.delete(uniqueid);
    else monitors.set(uniqueid, { running: running - 1, muted: was });
  };
  return {
    begin: (channels) => {
      monitors.clear();
      older = new Set(channels.map((channel) => channel.uniqueid));
    },
    hear: ({ Event: name, Uniqueid: uniqueid, Direction: direction, State: state }) => {
      if (uniqueid === undefined) return null;
      if (name === 'MixMonitorStart') started(uniqueid);
      else if (name === 'MixMonitorStop') stopped(uniqueid);
      else if (name === 'MixMonitorMute') {
        // Half a mute is none: one side would still be written.
        if (state !== '1') muted(uniqueid, false);
        else if (direction === 'both') muted(uniqueid, true);
      } else if (name === 'Hangup') none(uniqueid);
      else return null;
      return uniqueid;
    },
    muted,
    none,
    started,
    mayRun: (uniqueid) => monitors.has(uniqueid) || older.has(uniqueid),
    stateOf: (uniqueids) => {
      const ids = [...uniqueids];
      const running = ids.flatMap((id) => monitors.get(id) ?? []);
      if (running.some((monitor) => !monitor.muted)) return 'on';
      if (ids.some((id) => older.has(id))) return 'unknown';
      return running.length > 0 ? 'paused' : 'off';
    },
    clear: () => {
      monitors.clear();
      older = new Set();
    },
  };
}
