/**
 * Chromium sends DTMF (RFC 4733) by the slowest `telephone-event` that both sides know, and counts its length by the clock of
 * the voice: with opus (48 kHz) and events of 8 kHz a key of 100 ms lasts 20 ms, too short for many a menu. So of what the
 * other side describes only events of the voice's own clock stay, where there are any.
 */
export function keepTonesOfVoice(sdp: string): string {
  const eol = sdp.includes('\r\n') ? '\r\n' : '\n';
  const parts = sdp.split(/(?=^m=)/m);
  return parts.map((part) => (part.startsWith('m=audio ') ? ofVoice(part, eol) : part)).join('');
}

function ofVoice(part: string, eol: string): string {
  const [line = '', ...rest] = part.split(eol);
  const [media, port, profile, ...types] = line.split(' ');
  const codecs = new Map<string, { name: string; rate: string }>();
  for (const attribute of rest) {
    const match = /^a=rtpmap:(\d+) ([^/\s]+)\/(\d+)/.exec(attribute);
    if (match) codecs.set(match[1] ?? '', { name: (match[2] ?? '').toLowerCase(), rate: match[3] ?? '' });
  }
  const isEvent = (type: string) => codecs.get(type)?.name === 'telephone-event';
  // RFC 3551 section 6: types below 96 need no rtpmap; all voices among them that browsers speak run at 8 kHz.
  const voice = types.find((type) => !/^(telephone-event|cn|red)$/.test(codecs.get(type)?.name ?? ''));
  const rate = voice === undefined ? undefined : (codecs.get(voice)?.rate ?? '8000');
  const fitting = types.filter((type) => isEvent(type) && codecs.get(type)?.rate === rate);
  const dropped = fitting.length === 0 ? [] : types.filter((type) => isEvent(type) && !fitting.includes(type));
  if (dropped.length === 0) return part;
  const kept = types.filter((type) => !dropped.includes(type));
  const lines = rest.filter((attribute) => {
    const type = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+)\b/.exec(attribute)?.[1];
    return type === undefined || !dropped.includes(type);
  });
  return [[media, port, profile, ...kept].join(' '), ...lines].join(eol);
}
