import type { Ear } from './desk-audio.ts';
import { watchLevel } from './levels.ts';

/** setSinkId of AudioContext is in Chromium, not yet in TypeScript's DOM. */
interface SinkContext {
  setSinkId?: (id: string) => Promise<void>;
}

/**
 * Where calls are heard: one audio element for each call, and a context of its own for soft tones, recordings and meters,
 * all on the same device.
 */
export function createEar(page: Document, context: AudioContext): Ear {
  const elements = new Map<string, HTMLAudioElement>();
  let device = '';
  let latest: MediaStream | null = null;
  return {
    play: (callId, remote) => {
      const old = elements.get(callId);
      if (!remote) {
        if (old?.srcObject === latest) latest = null;
        if (old) old.srcObject = null;
        elements.delete(callId);
        return;
      }
      const element = old ?? page.createElement('audio');
      element.autoplay = true;
      element.srcObject = remote;
      elements.set(callId, element);
      latest = remote;
      if (device) void element.setSinkId(device).catch(() => undefined);
      void element.play().catch(() => undefined);
    },
    setDevice: async (deviceId) => {
      if (deviceId === device) return;
      device = deviceId;
      const all = [...elements.values()].map((element) => element.setSinkId(deviceId));
      await Promise.allSettled([...all, (context as SinkContext).setSinkId?.(deviceId)]);
    },
    remote: () => latest,
    watch: (of) => watchLevel(context, of),
    record: async (stream, milliseconds) => {
      const recorder = new MediaRecorder(stream);
      const parts: Blob[] = [];
      recorder.addEventListener('dataavailable', (event) => parts.push(event.data));
      const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
      recorder.start();
      setTimeout(() => recorder.state === 'recording' && recorder.stop(), milliseconds);
      await stopped;
      return context.decodeAudioData(await new Blob(parts).arrayBuffer());
    },
    playBack: async (recording) => {
      const source = new AudioBufferSourceNode(context, { buffer: recording });
      source.connect(context.destination);
      const ended = new Promise((resolve) => source.addEventListener('ended', resolve, { once: true }));
      source.start();
      await ended;
    },
  };
}
