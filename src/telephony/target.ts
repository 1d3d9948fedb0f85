import { type URI, UserAgent } from 'sip.js';

/**
 * Where a call goes: a number in any usual writing, an extension, `*72` codes, or a whole SIP URI.
 * @returns null where no SIP address can be made of it.
 */
export function targetUri(target: string, domain: string): URI | null {
  const text = target.trim().slice(0, 256);
  if (/^sips?:/i.test(text)) return readable(text);
  const number = text
    .replace(/^tel:/i, '')
    .normalize('NFKC')
    .replace(/[\s().\-\u2010-\u2015]/g, '');
  const user = /^\+?[0-9*#]+$/.test(number) ? number.replaceAll('#', '%23') : encodeURIComponent(text.toWellFormed());
  return user === '' ? null : readable(`sip:${user}@${domain}`);
}

/** SIP.js reads some addresses that it cannot write down again (a percent sign that escapes nothing), or throws on them. */
function readable(address: string): URI | null {
  try {
    const uri = UserAgent.makeURI(address);
    return uri && /^[\x21-\x7e]+$/.test(uri.toString()) ? uri : null;
  } catch {
    return null;
  }
}
