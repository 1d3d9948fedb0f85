import type { z } from 'zod';
import { DangolError } from '../shared/errors.ts';
import type { HostEvent } from '../shared/host-types.ts';
import { CallRecording, PbxAgent, type RecordingWish, type StateWish } from '../shared/pbx.ts';
import type { LiveMessage } from '../shared/sync-wire.ts';
import type { CentralClient } from './central-client.ts';
import type { Seat } from './host-context.ts';

/** Windows wait two seconds for "the recording is paused"; a later yes comes as news. */
const RECORDING_TIMEOUT_MS = 2000;
const STATE_TIMEOUT_MS = 5000;

export interface PbxDoorParts {
  central: CentralClient;
  seat: Pick<Seat, 'author'>;
  accessToken: () => Promise<string | null>;
  emit: (event: HostEvent) => void;
}

/** The agent's state and recordings at the PBX, as the centre tells them: to every window alike. */
export interface PbxDoor {
  /** What the live connection brought; null: it is gone, and nothing is known any more. */
  heard: (message: LiveMessage | null) => void;
  /** What a window that opens now is told first. */
  now: () => HostEvent;
  setState: (wish: StateWish) => Promise<PbxAgent>;
  recording: (wish: RecordingWish) => Promise<CallRecording>;
}

export function createPbxDoor({ central, seat, accessToken, emit }: PbxDoorParts): PbxDoor {
  let agent: PbxAgent | null = null;
  const sitting = () => {
    try {
      return seat.author().id;
    } catch {
      return null;
    }
  };
  const take = (next: PbxAgent | null) => {
    // A live connection may still be that of the agent before.
    if (next && next.agentId !== sitting()) return;
    agent = next;
    emit({ type: 'pbx', agent });
  };
  const ask = async <S extends z.ZodType>(path: string, body: unknown, answer: S, timeoutMs: number) => {
    const token = await accessToken();
    if (token === null) throw new DangolError('SIGNED_OUT', 'sign-in');
    return central.ask({ method: 'PUT', path, body, token, answer, timeoutMs });
  };
  return {
    heard: (message) => {
      if (message === null) take(null);
      else if (message.type === 'pbx') take(message.agent);
      else if (message.type === 'recording') emit({ type: 'recording', recording: message.recording });
    },
    now: () => ({ type: 'pbx', agent: agent?.agentId === sitting() ? agent : null }),
    setState: (wish) => ask('/v1/me/state', wish, PbxAgent, STATE_TIMEOUT_MS),
    recording: (wish) => ask('/v1/me/recording', wish, CallRecording, RECORDING_TIMEOUT_MS),
  };
}
