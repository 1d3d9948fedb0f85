let shared: AudioContext | null = null;
function context(): AudioContext {
  shared ??= new AudioContext();
  return shared;
}

/** A microphone that hears one tone; 0: one that is on and hears nothing at all. */
export function toneStream(hertz: number): MediaStream {
  const out = context().createMediaStreamDestination();
  const loudness = new GainNode(context(), { gain: hertz === 0 ? 0 : 0.5 });
  const tone = new OscillatorNode(context(), { frequency: hertz || 440 });
  tone.connect(loudness).connect(out);
  tone.start();
  return out.stream;
}

export function silentTrack(): MediaStreamTrack | null {
  return toneStream(0).getAudioTracks()[0] ?? null;
}

/** Whether this tone becomes the loudest thing that `far` receives, within some 5 s. */
export async function farHearsTone(far: RTCPeerConnection | null, hertz: number): Promise<boolean> {
  const track = far?.getReceivers()[0]?.track;
  if (!track) return false;
  const analyser = new AnalyserNode(context(), { fftSize: 2048, smoothingTimeConstant: 0 });
  const source = context().createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const bins = new Float32Array(analyser.frequencyBinCount);
  const width = context().sampleRate / analyser.fftSize;
  try {
    for (let look = 0; look < 100; look += 1) {
      analyser.getFloatFrequencyData(bins);
      const loudest = bins.reduce((best, level, i) => (level > (bins[best] ?? -Infinity) ? i : best), 0);
      if ((bins[loudest] ?? -Infinity) > -60 && Math.abs(loudest * width - hertz) < 2 * width) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  } finally {
    source.disconnect();
  }
}
