import iconv from 'iconv-lite';
import { CentralProblem } from '../problem.ts';

// The bytes of a request as text, in the character set that it names. What does not fit is refused: it would be shown wrong for ever.

/** `type/subtype` and the character set of a Content-Type header; UTF-8 where it says none. */
export function typeOf(header: string | undefined): { type: string; charset: string } {
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim());
  const charset = parameters.map((one) => /^charset=["']?([^"']*)["']?$/i.exec(one)?.[1]).find((one) => one);
  return { type: type.toLowerCase(), charset: (charset ?? 'utf-8').toLowerCase() };
}

/** Reads bytes in a character set. @throws CentralProblem BAD_INPUT: unknown, or the bytes are none of it. */
export function decoderOf(charset: string): (bytes: Uint8Array) => string {
  if (charset === 'utf-8' || charset === 'utf8') return (bytes) => mustRead(() => asUtf8(bytes), 'UTF-8');
  // The platform's own euc-kr has not the syllables that CP949 adds.
  const name = /^(euc-?kr|ks_?c_?5601.*|uhc|windows-949|ms949)$/.test(charset) ? 'cp949' : charset;
  if (!iconv.encodingExists(name)) throw bad(`there is no character set ${charset.slice(0, 40)}`);
  return (bytes) => mustRead(() => withoutGaps(iconv.decode(Buffer.from(bytes), name)), charset.slice(0, 40));
}

const bad = (detail: string) => new CentralProblem('BAD_INPUT', { detail: `body: ${detail}` });

const asUtf8 = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

function withoutGaps(text: string): string {
  if (text.includes('\ufffd')) throw new Error('gaps');
  return text;
}

function mustRead(read: () => string, charset: string): string {
  try {
    return read();
  } catch {
    throw bad(`is not ${charset}; say its character set in Content-Type (… ; charset=euc-kr)`);
  }
}

/** Names and values of `application/x-www-form-urlencoded`, in their order; the bytes are those of `charset`. */
export function readUrlEncoded(body: Uint8Array, charset: string): [string, string][] {
  const decode = decoderOf(charset);
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
      return [decode(bytesOf(pair.slice(0, at))), decode(bytesOf(pair.slice(at + 1)))];
    });
}

/** A `%` that begins nothing stands for itself, as browsers take it. */
function bytesOf(part: string): Buffer {
  const signs = part
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(signs, 'latin1');
}
