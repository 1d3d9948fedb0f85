/** 20 ms of G.711 mu-law at 8 kHz: what one RTP packet carries. */
export const FRAME_BYTES = 160;
export const FRAME_MS = 20;

/** The byte of silence. */
export const SILENCE = 0xff;

/** One sample of mu-law as linear -32124..32124 (ITU-T G.711, table 2a). */
export function decodeUlaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return bits & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

/** Loudness of a piece of mu-law as root mean square in dB below full scale: 0 is the loudest, -90 is silence. */
export function levelOf(frame: Uint8Array): number {
  if (frame.length === 0) return -90;
  let sum = 0;
  for (const byte of frame) sum += decodeUlaw(byte) ** 2;
  const rms = Math.sqrt(sum / frame.length) / 32768;
  return rms < 0.00003 ? -90 : Math.max(-90, 20 * Math.log10(rms));
}

/** A frame of silence; always a new one. */
export function silentFrame(): Uint8Array {
  return new Uint8Array(FRAME_BYTES).fill(SILENCE);
}
