import { type Command, maybe, need, type Options, put } from './command-options.ts';
import { CommandProblem, readSecret } from './terminal.ts';

/** `host:port` with how it is encrypted: 993 and 465 are TLS from the start, any other port by STARTTLS, unless it is said. */
function server(options: Options, name: 'imap' | 'smtp', user: string) {
  const text = maybe(options, name);
  if (text === null) return null;
  const [, host, port] = /^\[?([^\s[\]]+?)\]?:(\d+)$/.exec(text) ?? [];
  if (!host || !port) throw new CommandProblem(`--${name} ${text}: HOST:PORT is wanted`);
  const usual = ['993', '465'].includes(port) ? 'tls' : 'starttls';
  return { host, port: Number(port), user, security: maybe(options, `${name}-security`) ?? usual };
}

export const MAIL_COMMANDS: Record<string, Command> = {
  mailbox: {
    usage:
      'mailbox --address ADDRESS --name NAME --user USER [--imap HOST:993] [--smtp HOST:465] [--folder INBOX]' +
      ' [--since YYYY-MM-DD] [--reply-hours 24] [--imap-security tls|starttls] [--smtp-security tls|starttls]' +
      ' [--form-senders ADDRESS,…] [--password-of-environment] | mailbox --off',
    about: 'lets customers write mail, and agents answer it; asks for the password, or takes it from stdin',
    options: {
      ...{ address: 'text', name: 'text', user: 'text', imap: 'text', smtp: 'text', folder: 'text', since: 'text' },
      ...{ 'reply-hours': 'text', 'form-senders': 'text', 'imap-security': 'text', 'smtp-security': 'text' },
      ...{ 'password-of-environment': 'switch', off: 'switch' },
    },
    run: async (call, options) => {
      if (options.off) {
        await call('PUT', '/v1/admin/mailbox', null);
        return 'mailbox: off';
      }
      const address = need(options, 'address');
      const user = maybe(options, 'user') ?? address;
      const imap = server(options, 'imap', user);
      const folder = maybe(options, 'folder') ?? 'INBOX';
      const mailbox = {
        ...{ address, name: need(options, 'name'), smtp: server(options, 'smtp', user) },
        imap: imap && { ...imap, folder },
        since: maybe(options, 'since') ?? new Date().toISOString().slice(0, 10),
        replyHours: Number(maybe(options, 'reply-hours') ?? 24),
        formSenders: maybe(options, 'form-senders')?.split(',') ?? [],
      };
      const given = options['password-of-environment'] ? {} : { password: await readSecret(`password of ${user}`) };
      return put(call, 'mailbox', { ...mailbox, ...given }, 'mailbox');
    },
  },
};
