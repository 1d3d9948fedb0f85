import {
  AdminMessageSourceResponse,
  AdminNewSecretResponse,
  FORM_ROLES,
  InboundResponse,
  OLD_SECRET_HOURS,
} from '../../shared/message-source.ts';
import { type Command, maybe, need, type Options } from './command-options.ts';
import { CommandProblem } from './terminal.ts';

const CHANNELS: Record<string, string> = { form: 'web', service: 'message' };

/** `name=성함,text=문의 내용`; a field that the form has not: `phone=-`. */
function fieldsOf(options: Options): Record<string, string | null> | undefined {
  const text = maybe(options, 'fields');
  if (text === null) return undefined;
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [role = '', ...name] = pair.split('=');
      if (!FORM_ROLES.some((known) => known === role) || name.length === 0) {
        throw new CommandProblem(`--fields ${pair}: ROLE=FIELD is wanted, with a role of ${FORM_ROLES.join(', ')}`);
      }
      return [role, name.join('=') === '-' ? null : name.join('=')];
    }),
  );
}

function numberOf(options: Options, name: string): number | undefined {
  const text = maybe(options, name);
  return text === null ? undefined : Number(text);
}

function activeOf(options: Options): boolean | undefined {
  if (options.on && options.off) throw new CommandProblem('either --on or --off');
  return options.on ? true : options.off ? false : undefined;
}

function channelOf(options: Options): string | undefined {
  const kind = maybe(options, 'kind');
  if (kind === null) return undefined;
  if (CHANNELS[kind]) return CHANNELS[kind];
  throw new CommandProblem(`--kind ${kind}: form or service`);
}

const shown = (secret: string) => `secret, shown this once: ${secret}`;

export const SOURCE_COMMANDS: Record<string, Command> = {
  'message-source': {
    usage:
      'message-source --name NAME [--kind form|service] [--label LABEL] [--reply-url https://… | --no-reply]' +
      ' [--fields name=FIELD,phone=FIELD,email=FIELD,subject=FIELD,text=FIELD] [--reply-hours 24] [--per-minute 600] [--on|--off]',
    about: 'lets a web form or a service (chat, messages) bring what people write; what is left out stays as it was',
    options: {
      ...{ name: 'text', kind: 'text', label: 'text', 'reply-url': 'text', 'no-reply': 'switch', fields: 'text' },
      ...{ 'reply-hours': 'text', 'per-minute': 'text', on: 'switch', off: 'switch' },
    },
    run: async (call, options) => {
      const name = need(options, 'name');
      const replyUrl = options['no-reply'] ? null : (maybe(options, 'reply-url') ?? undefined);
      const body = {
        ...{ name, channel: channelOf(options), label: maybe(options, 'label') ?? undefined, replyUrl },
        ...{ fields: fieldsOf(options), replyHours: numberOf(options, 'reply-hours') },
        ...{ perMinute: numberOf(options, 'per-minute'), active: activeOf(options) },
      };
      const answer = AdminMessageSourceResponse.parse(await call('PUT', '/v1/admin/message-sources', body));
      if (answer.secret === null) return `${name}: saved`;
      return `${name}: created; it posts to /v1/inbound/${name}\n${shown(answer.secret)}`;
    },
  },
  'message-source-secret': {
    usage: 'message-source-secret --name NAME [--at-once]',
    about: `gives a source a new secret; the old one holds for ${OLD_SECRET_HOURS} hours more, unless it is to end at once`,
    options: { name: 'text', 'at-once': 'switch' },
    run: async (call, options) => {
      const path = `/v1/admin/message-sources/${encodeURIComponent(need(options, 'name'))}/secret`;
      const body = { atOnce: options['at-once'] === true };
      const { secret, oldUntil } = AdminNewSecretResponse.parse(await call('POST', path, body));
      return `${shown(secret)}\n${oldUntil === null ? 'the old one has ended' : `the old one holds until ${oldUntil}`}`;
    },
  },
  'try-message-source': {
    usage: 'try-message-source --name NAME [--from NAME] [--phone NUMBER] [--email ADDRESS] [--text TEXT]',
    about: 'something comes in as if the source had brought it: how the desks show it',
    options: { name: 'text', from: 'text', phone: 'text', email: 'text', text: 'text' },
    run: async (call, options) => {
      const name = need(options, 'name');
      const said = { name: 'from', phone: 'phone', email: 'email', text: 'text' };
      const body = Object.fromEntries(
        Object.entries(said).map(([to, from]) => [to, maybe(options, from) ?? undefined]),
      );
      InboundResponse.parse(await call('POST', `/v1/admin/message-sources/${encodeURIComponent(name)}/try`, body));
      return `${name}: it has arrived; the desks show it within seconds`;
    },
  },
  'message-keeping': {
    usage: 'message-keeping --source-days DAYS | message-keeping --for-ever',
    about: 'how long the sources of mails and messages are kept (365 days); their words stay with the customer',
    options: { 'source-days': 'text', 'for-ever': 'switch' },
    run: async (call, options) => {
      const sourceDays = options['for-ever'] ? null : Number(need(options, 'source-days'));
      await call('PUT', '/v1/admin/message-keeping', { sourceDays });
      return `sources: kept ${sourceDays === null ? 'for ever' : `${sourceDays} days`}`;
    },
  },
};
