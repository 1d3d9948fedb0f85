import { z } from 'zod';
import { INBOUND_MAX_BYTES, InboundResponse, SourceName } from '../../shared/message-source.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { createSourceLimits, mustBeSigned, takeInbound } from '../messages/inbound.ts';
import { readSource, secretsOf } from '../messages/sources.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';

const ABOUT =
  'What somebody wrote in a form of the business, or to a service (chat, messages), as one contact. Signed: dangol-timestamp is the ' +
  'moment in seconds since 1970, dangol-signature is "v1=" and the HMAC-SHA256, in hex, of "<timestamp>.<body>" with the secret of the ' +
  'source; where the header dangol-message-id is sent, of "<timestamp>\\n<dangol-message-id>\\n<body>" (\\n: one line feed). A form ' +
  'sends its fields as JSON or as application/x-www-form-urlencoded, and an id of its own for each submission in a field "id" or the ' +
  'header dangol-message-id; a service sends JSON as InboundMessage in src/shared/message-source.ts. The same again is the same ' +
  'contact: 200 where it came before, 201 where it is new. Other words under the same id: of a form another contact (201), of a ' +
  'service 409. At most 256 KiB (413). 401 WRONG_SIGNATURE also where the clock is off by more than 300 s; 403 a source that is ' +
  'disabled; 415 another type; 429 with Retry-After.';

/** A header that must be there once. */
function header(value: string | string[] | undefined, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new CentralProblem('BAD_INPUT', { detail: `${name}: the header is missing` });
}

/** Forms and services bring what people write. Its own part of the server: the body is signed as it came, byte by byte. */
export function inboundRoutes(app: CentralApp, context: CentralContext): void {
  void app.register(async (scoped: CentralApp) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    inboundRoute(scoped, context);
  });
}

function inboundRoute(app: CentralApp, { store: { db }, clock, secrets, hub }: CentralContext): void {
  const countSource = createSourceLimits(clock);
  app.post(
    '/v1/inbound/:source',
    {
      bodyLimit: INBOUND_MAX_BYTES,
      schema: {
        tags: ['inbound'],
        description: ABOUT,
        consumes: ['application/json', 'application/x-www-form-urlencoded'],
        params: z.object({ source: z.string().max(100) }),
        response: { 200: InboundResponse, 201: InboundResponse, ...PROBLEMS },
      },
    },
    async ({ params, headers, body }, reply) => {
      const raw = body instanceof Buffer ? body : Buffer.alloc(0);
      const said = headers['dangol-message-id'];
      const id = typeof said === 'string' ? said : undefined;
      const signed = {
        timestamp: header(headers['dangol-timestamp'], 'dangol-timestamp'),
        signature: header(headers['dangol-signature'], 'dangol-signature'),
        ...{ id, body: raw },
      };
      // No name of a source: nothing that the database needs to hear.
      const source = SourceName.safeParse(params.source).success ? await readSource(db, params.source) : null;
      mustBeSigned(source === null ? [] : secretsOf({ db, clock, secrets }, source), signed, clock);
      if (source === null) throw new CentralProblem('WRONG_SIGNATURE');
      if (!source.active) throw new CentralProblem('FORBIDDEN', { detail: `the source ${source.name} is disabled` });
      countSource(source);
      const done = await takeInbound({ db, clock }, source, { contentType: headers['content-type'], id, body: raw });
      if (!done.repeated) hub.changed();
      return reply.status(done.repeated ? 200 : 201).send(done);
    },
  );
}
