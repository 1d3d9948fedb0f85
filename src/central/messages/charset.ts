import iconv from 'iconv-lite';

// Mails that say one character set and are written in another: mostly Korean (EUC-KR, CP949) that calls itself us-ascii or UTF-8.

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin = new TextDecoder('windows-1252');

function asUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** The platform's own euc-kr has not the syllables that CP949 adds, such as 똠. */
function asKorean(bytes: Uint8Array): string | null {
  const text = iconv.decode(Buffer.from(bytes), 'cp949');
  return text.includes('\ufffd') ? null : text;
}

/** Bytes of which nobody says the truth: UTF-8 if it can be, Korean if it can be, else Latin. */
export function readBytes(bytes: Uint8Array): string {
  return asUtf8(bytes) ?? asKorean(bytes) ?? latin.decode(bytes);
}

/**
 * What a decoder of windows-1252 makes of each byte: it loses none, so a text that was read by it can be turned back. Some take
 * 0x80 to 0x9F for what they are in Latin-1.
 */
const BYTE_OF = new Map<string, number>(
  Array.from({ length: 256 }, (_, byte) => [
    [String.fromCharCode(byte), byte] as const,
    [latin.decode(Uint8Array.of(byte)), byte] as const,
  ]).flat(),
);

/** The bytes of a text that was read as Latin; null: it was read otherwise. */
function bytesOf(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const byte = BYTE_OF.get(text.charAt(at));
    if (byte === undefined) return null;
    bytes[at] = byte;
  }
  return bytes;
}

/** A text that was read as Latin and may be something else: line by line as it was meant. Real Latin stays. */
export function mended(text: string): string {
  return text.split('\n').map(mendedLine).join('\n');
}

function mendedLine(line: string): string {
  if (![...line].some((sign) => sign > '\u007f')) return line;
  const bytes = bytesOf(line);
  if (bytes === null) return line;
  const unicode = asUtf8(bytes);
  if (unicode !== null) return unicode;
  const korean = asKorean(bytes);
  if (korean === null) return line;
  const strange = [...korean].filter((sign) => sign > '\u007f');
  const hangul = strange.filter((sign) => sign >= '가' && sign <= '힣').length;
  return hangul >= 2 && hangul * 2 > strange.length ? korean : line;
}

/** How much of a text could not be read. */
export const unread = (text: string) => text.split('\ufffd').length - 1;
