import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

interface AnyReply {
  request: { headers: { 'accept-encoding'?: string | string[] | undefined } };
  header(name: string, value: string): unknown;
  type(contentType: string): unknown;
  serializer(make: (payload: unknown) => string | Buffer): unknown;
  send(payload: never): unknown;
}

const zip = promisify(gzip);
/** Below this the frame costs more than it saves. */
const WORTH_IT_BYTES = 1400;
/** The cheapest: pages of rows are as alike as they come, and a centre on two processors has other work. */
const LEVEL = 1;

/**
 * Sends a body that is JSON text already, byte for byte; compressed where the caller takes it and it is worth it. No secret of the
 * caller's stands beside text that somebody else chose, so its length tells nothing. The route's schema is for the document only.
 */
export async function sendJsonText<R extends AnyReply>(reply: R, text: string): Promise<R> {
  const plain = Buffer.from(text);
  const takesIt = /\bgzip\b/.test(String(reply.request.headers['accept-encoding'] ?? ''));
  const body = takesIt && plain.length >= WORTH_IT_BYTES ? await zip(plain, { level: LEVEL }) : plain;
  reply.type('application/json; charset=utf-8');
  reply.header('vary', 'accept-encoding');
  if (body !== plain) reply.header('content-encoding', 'gzip');
  reply.serializer(() => body);
  reply.send({} as never);
  return reply;
}
