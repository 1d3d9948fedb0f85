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

/** Whether anything but silence arrives within the next 150 packets. */
export async function hears(peer: RTCPeerConnection | undefined | null): Promise<boolean> {
  const before = await sound(peer);
  for (;;) {
    const now = await sound(peer);
    if (now.energy - before.energy > 0.0001) return true;
    if (now.packets - before.packets > 150) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Whether it becomes silent: 100 packets without sound among the next 500. */
export async function hearsSilence(peer: RTCPeerConnection | undefined | null): Promise<boolean> {
  const start = await sound(peer);
  let quiet = start;
  for (;;) {
    const now = await sound(peer);
    if (now.energy - quiet.energy > 0.0001) quiet = now;
    else if (now.packets - quiet.packets > 100) return true;
    if (now.packets - start.packets > 500) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function sound(peer: RTCPeerConnection | undefined | null): Promise<{ packets: number; energy: number }> {
  let heard = { packets: 0, energy: 0 };
  (await peer?.getStats())?.forEach((report) => {
    if (report.type !== 'inbound-rtp') return;
    heard = { packets: report.packetsReceived ?? 0, energy: report.totalAudioEnergy ?? 0 };
  });
  return heard;
}
