import { createReadStream } from 'node:fs';

/** How the bytes of a text file are to be read. */
export interface Encoding {
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'euc-kr';
  /** How many characters could not be read; their lines show it (U+FFFD). */
  broken: number;
}

const CANDIDATES = ['utf-8', 'euc-kr'] as const;
/** So many whole characters for each broken one, and a file that is damaged is UTF-8 all the same. */
const SURELY = 4;
/** Above this share of unreadable characters among those beyond ASCII it is no Korean either. */
const NOT_KOREAN = 0.1;
const LOOKED_AT = 4096;

/**
 * Which encoding a file is in: UTF-8 and UTF-16 with or without their marks, or Korean (CP949), in which Excel saves CSV. The whole file
 * is read, because a file may be plain for a million lines. null: it is none of them.
 */
export async function detectEncoding(path: string): Promise<Encoding | null> {
  const counts = CANDIDATES.map((encoding) => ({
    encoding,
    decode: new TextDecoder(encoding),
    broken: 0,
    beyond: 0,
    far: 0,
  }));
  let utf16: Encoding['encoding'] | null = null;
  let first = true;
  let zero = false;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    if (first) utf16 = utf16Of(chunk.subarray(0, LOOKED_AT));
    first = false;
    if (utf16 !== null) break;
    zero ||= chunk.includes(0);
    for (const one of counts) count(one, one.decode.decode(chunk, { stream: true }));
  }
  if (utf16 !== null) return { encoding: utf16, broken: 0 };
  if (zero) return null;
  for (const one of counts) count(one, one.decode.decode());
  const [utf8, korean] = counts;
  if (!utf8 || !korean) return null;
  // A short Korean text may read half by chance; a long one never does.
  if (utf8.broken === 0 || utf8.far > SURELY * utf8.broken) return pick(utf8);
  if (korean.broken === 0) return pick(korean);
  if (utf8.far >= utf8.broken) return pick(utf8);
  return korean.broken <= NOT_KOREAN * korean.beyond ? pick(korean) : null;
}

const pick = ({ encoding, broken }: Encoding): Encoding => ({ encoding, broken });

/** `far`: characters of three bytes and more. Korean of another encoding reads as broken ones and, by chance, some of two bytes. */
function count(to: { broken: number; beyond: number; far: number }, text: string): void {
  const broken = text.match(/\uFFFD/g)?.length ?? 0;
  to.broken += broken;
  to.beyond += text.match(/\P{ASCII}/gu)?.length ?? 0;
  to.far += (text.match(/[\u0800-\uFFFF]/g)?.length ?? 0) - broken;
}

/** By its mark; or without one by the zero that every second byte of Latin text and of digits is. */
function utf16Of(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  let [even, odd] = [0, 0];
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    even += bytes[at] === 0 ? 1 : 0;
    odd += bytes[at + 1] === 0 ? 1 : 0;
  }
  const enough = Math.max(3, bytes.length / 16);
  if (odd > enough && even === 0) return 'utf-16le';
  return even > enough && odd === 0 ? 'utf-16be' : null;
}
