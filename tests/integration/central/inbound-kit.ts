import { createHmac } from 'node:crypto';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { type AdminMessageSource, AdminMessageSourceResponse } from '../../../src/shared/message-source.ts';
import type { Answer, TestCentre, TestDesk } from './kit.ts';

/** A form or service of a business, as it signs and posts. */
export interface TestSource {
  name: string;
  secret: string;
  post: (body: string | Uint8Array | object, options?: PostOptions) => Promise<Answer>;
}

export interface PostOptions {
  type?: string;
  /** s since 1970. */
  at?: number | string;
  secret?: string;
  signature?: string;
  id?: string;
  headers?: Record<string, string>;
}

export async function newSource(centre: TestCentre, wanted: AdminMessageSource): Promise<TestSource> {
  const { secret } = AdminMessageSourceResponse.parse(await centre.admin('PUT', 'message-sources', wanted));
  if (secret === null) throw new Error('no new source');
  return { name: wanted.name, secret, post: (body, options) => post(centre, wanted.name, secret, body, options) };
}

/** Independent of the code under test: what docs/central.md says of the signature. `id`: of the header dangol-message-id. */
export function sign(secret: string, at: number | string, body: Uint8Array, id?: string): string {
  const before = id === undefined ? `${at}.` : `${at}\n${id}\n`;
  return `v1=${createHmac('sha256', secret).update(before).update(body).digest('hex')}`;
}

async function post(
  centre: TestCentre,
  name: string,
  secret: string,
  body: string | Uint8Array | object,
  options: PostOptions = {},
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = Buffer.from(isRaw ? body : JSON.stringify(body));
  const at = options.at ?? Math.floor(Date.now() / 1000);
  const response = await fetch(`${centre.url}/v1/inbound/${name}`, {
    method: 'POST',
    headers: {
      'content-type': options.type ?? 'application/json',
      'dangol-timestamp': String(at),
      'dangol-signature': options.signature ?? sign(options.secret ?? secret, at, bytes, options.id),
      ...(options.id === undefined ? {} : { 'dangol-message-id': options.id }),
      ...options.headers,
    },
    body: bytes,
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, text, json: isJson ? JSON.parse(text) : null, headers: response.headers };
}

/** What came in, oldest first. */
export async function incoming(desk: TestDesk): Promise<Interaction[]> {
  const rows = await desk.snapshot('interaction');
  return rows
    .flatMap(({ data }) => (data && 'direction' in data && data.direction === 'in' && data.message ? [data] : []))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The one that says this. */
export async function arrived(desk: TestDesk, text: string): Promise<Interaction> {
  const found = (await incoming(desk)).filter(({ message }) => message?.text === text);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} say ${text}`);
  return found[0];
}
