import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { createMediaSession, type MediaSession } from '../../../../src/sandbox/media/media-session.ts';
import { digestResponse, readDigestHeader } from '../../../../src/sandbox/sip/digest.ts';

/** A SIP message as a scripted desk reads it: no SIP.js on this side. */
export interface RawMessage {
  start: string;
  /** 0 for a request. */
  status: number;
  method: string;
  header: (name: string) => string | undefined;
  body: string;
  text: string;
}

export interface RawDesk {
  send: (text: string) => void;
  /** The next message that fits, also one that came before the question. */
  next: (fits: (message: RawMessage) => boolean) => Promise<RawMessage>;
  request: (method: string, options?: RequestOptions) => string;
  /** Sends a request and waits for its final response. */
  ask: (method: string, options?: RequestOptions) => Promise<RawMessage>;
  /** REGISTER with the password; the final response. */
  register: (password: string, options?: { expires?: number; contact?: string }) => Promise<RawMessage>;
  /** Answers a request from the PBX. */
  reply: (to: RawMessage, status: number, options?: { headers?: string[]; body?: string }) => void;
  /** Takes an INVITE: 180, 200 with a real answer, and the ACK. */
  answer: (invite: RawMessage) => Promise<{ media: MediaSession }>;
  /** A request inside the call that `invite` began. */
  inDialog: (invite: RawMessage, method: string, options?: { body?: string; branch?: string }) => string;
  socket: WebSocket;
  closed: Promise<void>;
  /** Messages so far. */
  received: RawMessage[];
}

interface RequestOptions {
  to?: string;
  callId?: string;
  branch?: string;
  headers?: string[];
  body?: string;
  toTag?: string;
}

const TAG = 'desk-tag';

function parse(text: string): RawMessage {
  const [head = '', body = ''] = text.split(/\r\n\r\n([\s\S]*)/);
  const [start = '', ...lines] = head.split('\r\n');
  const header = (name: string) => {
    const line = lines.find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
    return line?.slice(name.length + 1).trim();
  };
  const status = Number(/^SIP\/2\.0 (\d{3})/.exec(start)?.[1] ?? 0);
  const method = status === 0 ? (start.split(' ')[0] ?? '') : (header('cseq')?.split(' ')[1] ?? '');
  return { start, status, method, header, body, text };
}

/** Opens a WebSocket to the PBX as one account's phone. */
export async function openRawDesk(sipUrl: string, username: string): Promise<RawDesk> {
  const socket = new WebSocket(sipUrl, 'sip');
  const received: RawMessage[] = [];
  const waiting = new Set<{ fits: (m: RawMessage) => boolean; take: (m: RawMessage) => void }>();
  const unread: RawMessage[] = [];
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('message', (data) => {
    const message = parse(String(data));
    received.push(message);
    const waiter = [...waiting].find((one) => one.fits(message));
    if (!waiter) return void unread.push(message);
    waiting.delete(waiter);
    waiter.take(message);
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let cseq = 1;

  const send = (text: string) => socket.send(text);
  const next = (fits: (message: RawMessage) => boolean) => {
    const at = unread.findIndex(fits);
    const known = at < 0 ? undefined : unread.splice(at, 1)[0];
    if (known) return Promise.resolve(known);
    return new Promise<RawMessage>((take) => waiting.add({ fits, take }));
  };
  const build = (method: string, target: string, lines: string[], body: string) =>
    [
      `${method} ${target} SIP/2.0`,
      ...lines,
      'Max-Forwards: 70',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  const request = (method: string, options: RequestOptions = {}) => {
    const to = options.to ?? 'sip:practice.invalid';
    const number = method === 'ACK' || method === 'CANCEL' ? cseq : ++cseq;
    const text = build(
      method,
      to,
      [
        `Via: SIP/2.0/WS desk.invalid;branch=${options.branch ?? `z9hG4bK${randomUUID()}`}`,
        `From: <sip:${username}@practice.invalid>;tag=${TAG}`,
        `To: <${method === 'REGISTER' ? `sip:${username}@practice.invalid` : to}>${options.toTag ? `;tag=${options.toTag}` : ''}`,
        `Call-ID: ${options.callId ?? randomUUID()}`,
        `CSeq: ${number} ${method}`,
        `Contact: <sip:${username}@desk.invalid;transport=ws>`,
        ...(options.headers ?? []),
      ],
      options.body ?? '',
    );
    send(text);
    return text;
  };
  const finalFor = (sent: string) => {
    const id = /^Call-ID: (.*)$/m.exec(sent)?.[1]?.trim();
    const seq = /^CSeq: (.*)$/m.exec(sent)?.[1]?.trim();
    return next((m) => m.status >= 200 && m.header('call-id') === id && m.header('cseq') === seq);
  };
  const desk: RawDesk = {
    socket,
    closed,
    received,
    send,
    next,
    request,
    ask: (method, options) => finalFor(request(method, options)),
    register: async (password, { expires = 600, contact = `<sip:${username}@desk.invalid;transport=ws>` } = {}) => {
      const headers = [`Expires: ${expires}`];
      const send1 = (extra: string[]) => {
        const text = build(
          'REGISTER',
          'sip:practice.invalid',
          [
            `Via: SIP/2.0/WS desk.invalid;branch=z9hG4bK${randomUUID()}`,
            `From: <sip:${username}@practice.invalid>;tag=${TAG}`,
            `To: <sip:${username}@practice.invalid>`,
            `Call-ID: ${randomUUID()}`,
            `CSeq: ${++cseq} REGISTER`,
            `Contact: ${contact}`,
            ...headers,
            ...extra,
          ],
          '',
        );
        send(text);
        return finalFor(text);
      };
      const challenged = await send1([]);
      if (challenged.status !== 401) return challenged;
      return send1([`Authorization: ${credentials(challenged, username, password, 'REGISTER')}`]);
    },
    reply: (to, status, { headers = [], body = '' } = {}) => {
      const vias = to.text.match(/^Via: .*$/gim) ?? [];
      const toLine = to.header('to') ?? '';
      send(
        [
          `SIP/2.0 ${status} Reply`,
          ...vias,
          `From: ${to.header('from')}`,
          `To: ${toLine.includes(';tag=') || status === 100 ? toLine : `${toLine};tag=${TAG}`}`,
          `Call-ID: ${to.header('call-id')}`,
          `CSeq: ${to.header('cseq')}`,
          `Contact: <sip:${username}@desk.invalid;transport=ws>`,
          ...headers,
          ...(body === '' ? [] : ['Content-Type: application/sdp']),
          `Content-Length: ${Buffer.byteLength(body)}`,
          '',
          body,
        ].join('\r\n'),
      );
    },
    answer: async (invite) => {
      const media = createMediaSession();
      desk.reply(invite, 180);
      const sdp = await media.createAnswer(invite.body);
      desk.reply(invite, 200, { body: sdp });
      await next((m) => m.method === 'ACK' && m.header('call-id') === invite.header('call-id'));
      return { media };
    },
    inDialog: (invite, method, { body = '', branch = `z9hG4bK${randomUUID()}` } = {}) => {
      const text = build(
        method,
        'sip:pbx@practice.invalid;transport=ws',
        [
          `Via: SIP/2.0/WS desk.invalid;branch=${branch}`,
          `From: ${(invite.header('to') ?? '').replace(/;tag=.*/, '')};tag=${TAG}`,
          `To: ${invite.header('from')}`,
          `Call-ID: ${invite.header('call-id')}`,
          `CSeq: ${++cseq} ${method}`,
          `Contact: <sip:${username}@desk.invalid;transport=ws>`,
        ],
        body,
      );
      send(text);
      return text;
    },
  };
  return desk;
}

/** The Authorization header for a challenge. */
export function credentials(challenged: RawMessage, username: string, password: string, method: string): string {
  const asked = readDigestHeader(challenged.header('www-authenticate') ?? '') ?? new Map<string, string>();
  const parameters = new Map([
    ['username', username],
    ['realm', asked.get('realm') ?? ''],
    ['nonce', asked.get('nonce') ?? ''],
    ['uri', 'sip:practice.invalid'],
    ['qop', 'auth'],
    ['nc', '00000001'],
    ['cnonce', 'abcdef'],
  ]);
  const shown = [...parameters].map(([name, value]) =>
    name === 'qop' || name === 'nc' ? `${name}=${value}` : `${name}="${value}"`,
  );
  return `Digest ${shown.join(', ')}, response="${digestResponse(parameters, method, password)}", algorithm=MD5`;
}
