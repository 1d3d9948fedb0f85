import { readFile } from 'node:fs/promises';
import { startPump } from './media/pump.ts';
import { createSpeaker, type Speaker } from './media/speaker.ts';
import type { PracticeCall } from './practice-calls.ts';
import type { Scenario } from './scenario.ts';
import type { DeskCall } from './sip/desk-call.ts';

const VOICES = new URL('../../assets/voices/', import.meta.url);

/** The person of the scenario talks on the call of this record, which was answered just now. */
export function talk(record: PracticeCall, scenario: Scenario): void {
  const { call } = record;
  if (!call) return;
  speakerOf(scenario).then(
    (speaker) => {
      record.linesSaid = speaker.said;
      letSpeak(call, speaker);
    },
    () => call.hangUp(),
  );
}

/** Lets a simulated person talk until the call ends. */
export function letSpeak(call: DeskCall, speaker: Speaker): void {
  call.media.onFrame((frame) => speaker.hear(frame));
  const stop = startPump(() => {
    if (call.phase() === 'ended') return stop();
    // Before the audio path stands nobody would hear the first words.
    if (call.media.stats().state !== 'connected') return;
    const frame = speaker.next(call.phase() === 'held');
    if (frame === 'hang-up') call.hangUp('Q.850;cause=16;text="Normal call clearing"');
    else call.media.send(frame);
  });
}

/** The simulated person of a scenario with all sounds loaded. A missing sound is half a second of silence, not a failure. */
async function speakerOf(scenario: Scenario): Promise<Speaker> {
  const lines = await Promise.all(
    scenario.lines.map(async ({ voice, waitMs }) => ({
      waitMs,
      sound: await readFile(new URL(`${voice}.ulaw`, VOICES)).catch(() => new Uint8Array(4000).fill(0xff)),
    })),
  );
  const seconds = scenario.hangUpAfterSeconds;
  return createSpeaker({ lines, hangUpAfterMs: seconds === null ? null : seconds * 1000 });
}
