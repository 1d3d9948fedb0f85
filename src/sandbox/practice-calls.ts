import { readFile } from 'node:fs/promises';
import type { MediaStats } from './media/media-session.ts';
import { startPump } from './media/pump.ts';
import { createSpeaker, type Speaker } from './media/speaker.ts';
import type { Scenario } from './scenario.ts';
import type { DeskCall } from './sip/desk-call.ts';

const VOICES = new URL('../../assets/voices/', import.meta.url);

/** The simulated person of a scenario with all sounds loaded. A missing sound is half a second of silence, not a failure. */
export async function speakerOf(scenario: Scenario, folder: URL = VOICES): Promise<Speaker> {
  const lines = await Promise.all(
    scenario.lines.map(async ({ voice, waitMs }) => ({
      waitMs,
      sound: await readFile(new URL(`${voice}.ulaw`, folder)).catch(() => new Uint8Array(4000).fill(0xff)),
    })),
  );
  return createSpeaker({
    lines,
    hangUpAfterMs: scenario.hangUpAfterSeconds === null ? null : scenario.hangUpAfterSeconds * 1000,
  });
}

/** Lets a simulated person talk on a call that was answered. Returns the way to stop. */
export function letSpeak(call: DeskCall, speaker: Speaker): () => void {
  call.media.onFrame((frame) => speaker.hear(frame));
  const stop = startPump(() => {
    if (call.phase() === 'ended') return stop();
    // Before the audio path stands nobody would hear the first words.
    if (call.media.stats().state !== 'connected') return;
    const frame = speaker.next(call.phase() === 'held');
    if (frame === 'hang-up') call.hangUp('Q.850;cause=16;text="Normal call clearing"');
    else call.media.send(frame);
  });
  return stop;
}

/** What a test or a trainer may ask about a practice call. */
export interface PracticeCallView {
  practiceCallId: string;
  scenarioId: string | null;
  sipUsername: string | null;
  state: 'waiting' | 'inviting' | 'ringing' | 'talking' | 'held' | 'ended';
  endedBy: 'caller' | 'desk' | 'network' | null;
  status: number | null;
  linesSaid: number;
  media: MediaStats | null;
}
