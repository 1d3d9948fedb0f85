export type Side = 'here' | 'there';

/** A look at how loud one side is. */
export interface LevelWatch {
  /** 0 (silence, or nobody to hear) to 1 (as loud as it gets), even steps of loudness: 60 dB over the whole. */
  read: () => number;
  stop: () => void;
}

/** How loud some samples are, on the scale of a meter. @param samples -1..1 */
export function loudness(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i += 1) sum += (samples[i] ?? 0) ** 2;
  if (sum === 0) return 0;
  const decibels = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, (decibels + 60) / 60));
}

/** Watches whatever stream `of` gives at each look: also after the device was switched. */
export function watchLevel(context: BaseAudioContext, of: () => MediaStream | null): LevelWatch {
  const analyser = new AnalyserNode(context, { fftSize: 1024, smoothingTimeConstant: 0 });
  const samples = new Float32Array(analyser.fftSize);
  let heard: { stream: MediaStream; source: AudioNode } | null = null;
  const follow = () => {
    const stream = of();
    if (stream === (heard?.stream ?? null)) return;
    heard?.source.disconnect();
    heard = null;
    if (!stream || stream.getAudioTracks().length === 0) return;
    const source = new MediaStreamAudioSourceNode(context as AudioContext, { mediaStream: stream });
    source.connect(analyser);
    heard = { stream, source };
  };
  return {
    read: () => {
      follow();
      if (!heard) return 0;
      analyser.getFloatTimeDomainData(samples);
      return loudness(samples);
    },
    stop: () => {
      heard?.source.disconnect();
      heard = null;
    },
  };
}
