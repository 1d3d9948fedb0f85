import type { DeskSettings } from '../shared/host-types.ts';
import type { Desk } from './desk.ts';
import type { Ringer } from './sound/ringer.ts';
import type { CallStore } from './stores/call-store.ts';

/** One ring for the first call, one soft knock where somebody is talking. */
export function soundFor(calls: CallStore, ringer: Ringer): void {
  const live = calls.store.getState().calls.filter((call) => call.stage === 'live');
  const ringing = live.some((call) => call.live?.phase === 'ringing');
  const engaged = live.some((call) => call.live && call.live.phase !== 'ringing');
  if (ringing && !engaged) ringer.ring();
  else ringer.stop();
}

/** What settings, devices and the line mean for what is heard. */
export function connectSound(desk: Desk): void {
  const { settings, ringer, audio, line, quality, calls } = desk;
  const apply = (now: DeskSettings) => {
    ringer.setVolume(now.ringVolume);
    const { microphone, speaker, ringDevice, noiseSuppression, echoCancellation, autoGain } = now;
    audio.setWishes({ microphone, speaker, ringDevice, noiseSuppression, echoCancellation, autoGain });
  };
  settings.store.subscribe(({ settings: now }, before) => now !== before.settings && apply(now));
  audio.store.subscribe(({ ring }, before) => {
    if (ring.deviceId !== before.ring.deviceId) void ringer.setDevice(ring.deviceId);
  });
  line.store.subscribe(({ registration: { state } }, before) => {
    if (state === before.registration.state) return;
    // Opened before the first call: asking for it and starting the device would stand between answer and first word.
    if (state === 'registered') void audio.warm();
    if (state === 'stopped') audio.rest();
  });
  calls.store.subscribe((state, before) => {
    const left = new Set(state.calls.map((call) => call.callId));
    for (const { callId } of before.calls) if (!left.has(callId)) quality.forget(callId);
  });
}
