interface AnyReply {
  type(contentType: string): unknown;
  serializer(make: (payload: unknown) => string): unknown;
  send(payload: never): unknown;
}

/** Sends a body that is JSON text already, byte for byte. The route's response schema is for the document only. */
export function sendJsonText<R extends AnyReply>(reply: R, text: string): R {
  reply.type('application/json; charset=utf-8');
  reply.serializer(() => text);
  reply.send({} as never);
  return reply;
}
