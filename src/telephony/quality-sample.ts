/** What one getStats() says of a call's audio, cut to what is judged. All counters since the start of the call. */
export interface AudioSample {
  /** Epoch ms. */
  at: number;
  /** null: nothing was ever received, or no track is there yet. */
  received: {
    packets: number;
    lost: number;
    jitterMs: number;
    /** Samples that were made up, silence left out. */
    concealed: number;
    samples: number;
    /** Sum of squares over seconds; 1 is full scale (webrtc-stats, totalAudioEnergy). */
    energy: number;
    seconds: number;
    bufferSeconds: number;
    bufferEmitted: number;
  } | null;
  sent: { packets: number } | null;
  /** What our track gives to the encoder; null: there is no track. */
  microphone: { energy: number; seconds: number } | null;
  /** What the PBX reports of what it gets from us; null: it sends no reports. */
  report: { loss: number | null; jitterMs: number | null; roundTripMs: number | null } | null;
  /** Packets that the PBX says it sent. */
  farSent: number | null;
  /** The way in use: its own round trip, and how many connectivity checks were answered. */
  path: { roundTripMs: number | null; responses: number } | null;
}

type Stat = Readonly<Record<string, unknown>>;

/**
 * Reads one getStats() report: any Map-like of webrtc-stats dictionaries (W3C, Identifiers for WebRTC's Statistics API).
 * Of several audio streams the busiest counts. What a browser leaves out is null or 0.
 */
export function readSample(report: { forEach: (each: (stat: unknown) => void) => void }, at: number): AudioSample {
  const stats: Stat[] = [];
  report.forEach((stat) => {
    if (typeof stat === 'object' && stat !== null) stats.push(stat as Stat);
  });
  const inbound = busiest(stats, 'inbound-rtp', 'packetsReceived');
  const outbound = busiest(stats, 'outbound-rtp', 'packetsSent');
  const told = busiest(stats, 'remote-inbound-rtp', 'packetsReceived');
  const farSent = busiest(stats, 'remote-outbound-rtp', 'packetsSent');
  const source = stats.find((stat) => stat.type === 'media-source' && stat.id === outbound?.mediaSourceId);
  return {
    at,
    received: inbound ? receivedOf(inbound) : null,
    sent: outbound ? { packets: count(outbound, 'packetsSent') } : null,
    microphone: source
      ? { energy: count(source, 'totalAudioEnergy'), seconds: count(source, 'totalSamplesDuration') }
      : null,
    report: told
      ? {
          loss: fraction(told.fractionLost),
          jitterMs: toMs(told.jitter),
          roundTripMs: toMs(told.roundTripTime),
        }
      : null,
    farSent: farSent ? count(farSent, 'packetsSent') : null,
    path: pathOf(stats),
  };
}

function receivedOf(stat: Stat): AudioSample['received'] {
  return {
    packets: count(stat, 'packetsReceived'),
    lost: count(stat, 'packetsLost'),
    jitterMs: toMs(stat.jitter) ?? 0,
    concealed: count(stat, 'concealedSamples') - count(stat, 'silentConcealedSamples'),
    samples: count(stat, 'totalSamplesReceived'),
    energy: count(stat, 'totalAudioEnergy'),
    seconds: count(stat, 'totalSamplesDuration'),
    bufferSeconds: count(stat, 'jitterBufferDelay'),
    bufferEmitted: count(stat, 'jitterBufferEmittedCount'),
  };
}

function pathOf(stats: readonly Stat[]): AudioSample['path'] {
  const transport = stats.find((stat) => stat.type === 'transport');
  const pair = stats.find((stat) => stat.type === 'candidate-pair' && stat.id === transport?.selectedCandidatePairId);
  if (!pair) return null;
  return { roundTripMs: toMs(pair.currentRoundTripTime), responses: count(pair, 'responsesReceived') };
}

function busiest(stats: readonly Stat[], type: string, by: string): Stat | undefined {
  return stats
    .filter((stat) => stat.type === type && (stat.kind ?? 'audio') === 'audio')
    .toSorted((a, b) => count(b, by) - count(a, by))
    .at(0);
}

function count(stat: Stat, field: string): number {
  const value = stat[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function toMs(seconds: unknown): number | null {
  return typeof seconds === 'number' && Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : null;
}

function fraction(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : null;
}
