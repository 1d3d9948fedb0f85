/** Seeded randomness: the same seeds give the same numbers on every machine, for ever. */
export interface Random {
  /** 0 (inclusive) to 1 (exclusive). */
  next: () => number;
  /** A whole number, both ends included. */
  int: (min: number, max: number) => number;
  chance: (probability: number) => boolean;
  pick: <T>(list: readonly [T, ...T[]]) => T;
  /** Picks by weight. */
  weighted: <T>(list: readonly [readonly [number, T], ...(readonly [number, T])[]]) => T;
}

/** Chris Doty-Humphrey's sfc32, begun with a mix of all the seeds. */
export function createRandom(...seeds: number[]): Random {
  let [a, b, c, d] = [mix(0x9e3779b9, seeds), mix(0x243f6a88, seeds), mix(0xb7e15162, seeds), 1];
  const step = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i += 1) step();
  const next = () => step() / 0x1_0000_0000;
  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    weighted: (list) => {
      let left = next() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      return list[0][1];
    },
  };
}

/** MurmurHash3's finaliser over a list of numbers. */
function mix(start: number, seeds: readonly number[]): number {
  let hash = start | 0;
  for (const seed of seeds) {
    hash = Math.imul(hash ^ (seed | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash;
}

/** What a row is, as four bits of its id. */
const KINDS = [
  'customer',
  'contact_point',
  'consent',
  'holding',
  'case',
  'promise',
  'interaction',
  'note',
  'product',
  'knowledge',
  'knowledge_version',
  'order',
] as const;
export type SampleKind = (typeof KINDS)[number];

/** 2024-01-01: the ids' time is only there to keep one customer's rows together. */
const ID_EPOCH = 1_704_067_200_000;

/**
 * A UUIDv7 that depends on nothing but the seed and the row's place: a sample row loaded twice is the same row.
 * @param index the customer's place, from 0.
 * @param part the row's place among those of its kind, 0 to 255.
 */
export function sampleId(seed: number, kind: SampleKind, index: number, part = 0): string {
  const time = (ID_EPOCH + index).toString(16).padStart(12, '0');
  const place = ((KINDS.indexOf(kind) << 8) | (part & 0xff)).toString(16).padStart(3, '0');
  const high = mix(0x51ed270b, [seed, index, part]) >>> 0;
  const low = mix(0x2545f491, [seed, index, part, KINDS.indexOf(kind)]) >>> 0;
  const variant = (0x8000 | (high & 0x3fff)).toString(16);
  const rest = ((high >>> 14) & 0xffff).toString(16).padStart(4, '0') + low.toString(16).padStart(8, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${place}-${variant}-${rest}`;
}
