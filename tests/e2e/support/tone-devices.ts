import type { Page } from '@playwright/test';

/** Microphones that are tones, so that a test can hear which one is sent; they can be pulled and plugged in. */
export interface ToneDevices {
  pull: (label: string) => void;
  plug: (label: string) => void;
  /** Whether this tone becomes the loudest thing that arrives on the newest call, within some 8 s. */
  hears: (hertz: number) => Promise<boolean>;
  /** Offers of this page so far: a switch of microphones must make none. */
  offers: number;
}

declare global {
  interface Window {
    tones: ToneDevices;
  }
}

export const TONES = { headset: { label: 'Headset 500', hertz: 500 }, spare: { label: 'Spare 1500', hertz: 1500 } };

/** To be called before the page is opened. */
export async function giveTones(page: Page): Promise<void> {
  await page.addInitScript(installTones, Object.values(TONES));
}

/** Runs in the page before its own scripts. */
function installTones(tones: { label: string; hertz: number }[]): void {
  const plugged = new Set(tones.map(({ label }) => label));
  const sent = new Map<string, MediaStreamTrack[]>();
  const media = navigator.mediaDevices;
  let shared: AudioContext | null = null;
  const context = () => {
    shared ??= new AudioContext();
    void shared.resume();
    return shared;
  };
  const remember = (track: MediaStreamTrack, label: string) => {
    sent.set(label, [...(sent.get(label) ?? []), track]);
    const clone = track.clone.bind(track);
    track.clone = () => remember(clone(), label);
    return track;
  };
  const described = (label: string) => ({ deviceId: `id of ${label}`, label, groupId: label, kind: 'audioinput' });
  media.enumerateDevices = async () => [...plugged].map(described) as unknown as MediaDeviceInfo[];
  media.getUserMedia = async (constraints) => {
    const audio = typeof constraints?.audio === 'object' ? constraints.audio : {};
    const exact = (audio.deviceId as { exact?: string } | undefined)?.exact;
    const tone = tones.find(({ label }) => plugged.has(label) && (!exact || exact === `id of ${label}`));
    if (!tone) throw new DOMException('no such device', exact ? 'OverconstrainedError' : 'NotFoundError');
    const out = context().createMediaStreamDestination();
    const source = new OscillatorNode(context(), { frequency: tone.hertz });
    source.connect(new GainNode(context(), { gain: 0.5 })).connect(out);
    source.start();
    for (const track of out.stream.getAudioTracks()) {
      remember(track, tone.label);
      Object.defineProperty(track, 'label', { value: tone.label });
      track.getSettings = () => ({ deviceId: exact ?? 'default' });
    }
    return out.stream;
  };
  const Original = window.RTCPeerConnection;
  class Counted extends Original {
    override setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
      if (description?.type === 'offer') window.tones.offers += 1;
      return super.setLocalDescription(description);
    }
  }
  window.RTCPeerConnection = Counted;
  window.tones = {
    offers: 0,
    pull: (label) => {
      plugged.delete(label);
      for (const track of sent.get(label) ?? []) {
        if (track.readyState === 'ended') continue;
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
      media.dispatchEvent(new Event('devicechange'));
    },
    plug: (label) => {
      plugged.add(label);
      media.dispatchEvent(new Event('devicechange'));
    },
    hears: async (hertz) => {
      const track = window.connections.at(-1)?.getReceivers()[0]?.track;
      if (!track) return false;
      const analyser = new AnalyserNode(context(), { fftSize: 4096, smoothingTimeConstant: 0 });
      const source = context().createMediaStreamSource(new MediaStream([track]));
      source.connect(analyser);
      const bins = new Float32Array(analyser.frequencyBinCount);
      const width = context().sampleRate / analyser.fftSize;
      for (let look = 0; look < 160; look += 1) {
        analyser.getFloatFrequencyData(bins);
        const loudest = bins.reduce((best, level, i) => (level > (bins[best] ?? -Infinity) ? i : best), 0);
        if ((bins[loudest] ?? -Infinity) > -60 && Math.abs(loudest * width - hertz) < 3 * width) return true;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return false;
    },
  };
}
