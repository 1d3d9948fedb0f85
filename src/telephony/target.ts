import { type URI, UserAgent } from 'sip.js';

/**
 * Where a call goes: a number in any usual writing, an extension, `*72` codes, or a whole SIP URI.
 * @returns null where no SIP address can be made of it.
 */
export function targetUri(target: string, domain: string): URI | null {
  const text = target.trim().slice(0, 256);
  if (/^sips?:/i.test(text)) return UserAgent.makeURI(text) ?? null;
  const number = text
    .replace(/^tel:/i, '')
    .normalize('NFKC')
    .replace(/[\s().\-\u2010-\u2015]/g, '');
  const user = /^\+?[0-9*#]+$/.test(number) ? number.replaceAll('#', '%23') : encodeURIComponent(text);
  return user === '' ? null : (UserAgent.makeURI(`sip:${user}@${domain}`) ?? null);
}
