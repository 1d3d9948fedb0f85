/**
 * What may be opened outside the desk: web pages of hosts that are named here, over https, and letters to one address.
 * @param hosts exact host names (the centre's, for its documents).
 */
export function mayOpenOutside(address: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username || url.password) return false;
  if (url.protocol === 'https:') return hosts.includes(url.host);
  // No subject, body, cc or attachment: those would be filled in by whoever wrote the link.
  return url.protocol === 'mailto:' && url.search === '' && /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(url.pathname);
}

/** The number of a tel: link (RFC 3966) as text for the dialler, or null where it holds anything else. */
export function numberOfTelLink(link: string): string | null {
  const match = /^(?:tel|callto):(?:\/\/)?([+*#0-9().\-\s]{2,64})(?:;[^\s]*)?\/?$/i.exec(link.replaceAll('%20', ' '));
  const number = match?.[1]?.trim() ?? '';
  return /\d/.test(number) ? number : null;
}

/** The tel: link among a second start's arguments: how Windows and Linux hand one over. */
export function telLinkIn(args: readonly string[]): string | null {
  return args.map(numberOfTelLink).find((number) => number !== null) ?? null;
}

/**
 * The number in a text that somebody selected, as they wrote it: the first with at least seven digits, else the first shorter one
 * (an extension, a short code). Null where there is none.
 */
export function numberInText(text: string): string | null {
  const found = text
    .slice(0, 4_000)
    .normalize('NFKC')
    .matchAll(/(?<![\d*#+])[+*#(]?\d[\d*#().\- ]*/g);
  const numbers = [...found]
    .map(([one]) => one.replace(/[\s(.-]+$/, ''))
    .map((one) => (one.includes('(') ? one : one.replaceAll(')', '')))
    .filter((one) => one.length <= 32);
  const digits = (one: string) => one.replace(/\D/g, '').length;
  return numbers.find((one) => digits(one) >= 7) ?? numbers.find((one) => digits(one) >= 2) ?? null;
}
