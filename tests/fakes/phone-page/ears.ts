import { shareOf } from '../../pbx/rig/tones.ts';

const SHARE = 0.15;

/** Resolves when exactly `wanted` of the pitches `of` arrive at this connection for half a second; rejects after 10 s. */
export async function hearsTones(peer: RTCPeerConnection | undefined, wanted: number[], of: number[]): Promise<void> {
  const track = peer?.getReceivers()[0]?.track;
  if (!track) throw new Error('nobody is there');
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 8_192 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  try {
    let inARow = 0;
    for (const deadline = performance.now() + 10_000; ; ) {
      analyser.getFloatTimeDomainData(samples);
      const shares = of.map((hz) => shareOf(hz, Float64Array.from(samples), context.sampleRate));
      const fits = of.every((hz, index) => (shares[index] ?? 0) > SHARE === wanted.includes(hz));
      inARow = fits ? inARow + 1 : 0;
      if (inARow === 10) return;
      if (performance.now() > deadline) throw new Error(`heard ${of.map((hz, index) => `${hz}: ${shares[index]}`)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await context.close();
  }
}
