import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** 16 bit, one channel. */
export function writeWav(file: string, samples: Float64Array, rate: number): void {
  const data = Buffer.alloc(44 + samples.length * 2);
  data.write('RIFF', 0, 'latin1');
  data.writeUInt32LE(data.length - 8, 4);
  data.write('WAVEfmt ', 8, 'latin1');
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(rate * 2, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36, 'latin1');
  data.writeUInt32LE(samples.length * 2, 40);
  for (const [i, sample] of samples.entries()) data.writeInt16LE(Math.round(sample * 32767), 44 + i * 2);
  writeFileSync(file, data);
}

/** The samples of a recording without any header, 16 bit, one channel: Asterisk's .sln files. None where there is no file yet. */
export function readSamples(file: string): Float64Array {
  if (!existsSync(file)) return new Float64Array(0);
  const data = readFileSync(file);
  return Float64Array.from({ length: data.length >> 1 }, (_, i) => data.readInt16LE(i * 2) / 32768);
}

/** ITU-T G.711 mu-law, one byte a sample: what sipp sends as RTP. */
export function writeMuLaw(file: string, samples: Float64Array): void {
  writeFileSync(file, Uint8Array.from(samples, muLaw));
}

function muLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(32635, Math.abs(Math.round(sample * 32767))) + 0x84;
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
