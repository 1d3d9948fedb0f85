import type { PhoneMedia } from '../../telephony/phone-types.ts';

export interface DeskMedia extends PhoneMedia {
  setMicrophone: (deviceId: string | null) => Promise<void>;
  setSpeaker: (deviceId: string | null) => Promise<void>;
}

/** The page's side of the audio: one long-lived microphone stream, one audio element for each call. */
export function createPhoneMedia(page: Document): DeskMedia {
  let microphoneId: string | null = null;
  let speakerId: string | null = null;
  let stream: Promise<MediaStream> | null = null;
  const elements = new Map<string, HTMLAudioElement>();

  const open = () =>
    navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        // `ideal`: a headset that was unplugged since must not make the call silent.
        ...(microphoneId ? { deviceId: { ideal: microphoneId } } : {}),
      },
    });
  const alive = (candidate: MediaStream) => candidate.getAudioTracks().some((track) => track.readyState === 'live');
  const close = async () => {
    const old = stream;
    stream = null;
    for (const track of (await old?.catch(() => null))?.getTracks() ?? []) track.stop();
  };

  return {
    microphone: async () => {
      const held = await stream?.catch(() => null);
      if (held && alive(held)) return held;
      stream = open();
      return stream;
    },
    play: (callId, remote) => {
      const old = elements.get(callId);
      if (!remote) {
        if (old) old.srcObject = null;
        elements.delete(callId);
        return;
      }
      const element = old ?? page.createElement('audio');
      element.autoplay = true;
      element.srcObject = remote;
      elements.set(callId, element);
      if (speakerId) void element.setSinkId(speakerId).catch(() => undefined);
      void element.play().catch(() => undefined);
    },
    setMicrophone: async (deviceId) => {
      if (deviceId === microphoneId) return;
      microphoneId = deviceId;
      // A call that is being heard keeps its track; the next one takes the new device.
      if (elements.size === 0) await close();
    },
    setSpeaker: async (deviceId) => {
      speakerId = deviceId;
      await Promise.all([...elements.values()].map((e) => e.setSinkId(deviceId ?? '').catch(() => undefined)));
    },
  };
}
