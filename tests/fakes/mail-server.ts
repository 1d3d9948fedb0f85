import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SMTPServer } from 'smtp-server';
import type { AdminMailbox } from '../../src/shared/message.ts';

/** Where Debian's dovecot-imapd puts it. */
const DOVECOT = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'].find((path) => existsSync(path)) ?? null;
export const hasDovecot = DOVECOT !== null || process.env.DANGOL_CI_STRICT === '1';

const USER = 'support@dangol.test';
const PASSWORD = 'post_box_7';

export interface ReceivedMail {
  from: string;
  to: string[];
  source: string;
}

/** A real IMAP server (Dovecot) with one mailbox, and an SMTP server that keeps what it gets; both on loopback. */
export interface MailServer {
  mailbox: AdminMailbox & { imap: NonNullable<AdminMailbox['imap']>; smtp: NonNullable<AdminMailbox['smtp']> };
  /** Puts a mail into the mailbox, as a server that receives it does. */
  arrive: (source: string | Uint8Array) => Promise<void>;
  /** Every mail that was sent and confirmed, in order. */
  received: ReceivedMail[];
  /** How the next mails are answered; absent: taken. */
  smtp: { answer: ((mail: ReceivedMail) => SmtpAnswer) | null; onConnect: (() => void) | null };
  /** The mailbox is made anew: other UIDVALIDITY, same mails. */
  rebuild: () => Promise<void>;
  close: () => Promise<void>;
}
export type SmtpAnswer = 'take' | 'take and hang up' | { code: number; text: string };

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Dovecot runs as nobody where the tests run as root: no rights that it does not need. */
function whoRuns(): { uid: number; gid: number; user: string; group: string } {
  const { uid, gid, username } = userInfo();
  return uid === 0
    ? { uid: 65_534, gid: 65_534, user: 'nobody', group: 'nogroup' }
    : { uid, gid, user: username, group: String(gid) };
}

function configOf(folder: string, port: number, { user, group, uid, gid }: ReturnType<typeof whoRuns>): string {
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/run
log_path = /dev/stderr
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
disable_plaintext_auth = no
ssl = no
first_valid_uid = 1
mail_uid = ${uid}
mail_gid = ${gid}
mail_home = ${folder}/home
mail_location = maildir:${folder}/home/mail
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/home
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service imap {
  process_limit = 20
}
mail_max_userip_connections = 50
`;
}

async function startDovecot(folder: string, port: number, runner: ReturnType<typeof whoRuns>): Promise<ChildProcess> {
  if (DOVECOT === null) throw new Error('no Dovecot here: apt-get install dovecot-imapd');
  const folders = ['home', 'run', 'home/mail', 'home/mail/new', 'home/mail/cur', 'home/mail/tmp'].map((name) =>
    join(folder, name),
  );
  for (const path of folders) mkdirSync(path);
  const config = join(folder, 'dovecot.conf');
  writeFileSync(config, configOf(folder, port, runner));
  for (const path of [folder, ...folders, config]) chownSync(path, runner.uid, runner.gid);
  const child = spawn(DOVECOT, ['-F', '-c', config], {
    ...{ uid: runner.uid, gid: runner.gid, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    env: { PATH: process.env.PATH ?? '', HOME: folder },
  });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Dovecot ended with ${code}: ${said.join('\n')}`)));
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      said.push(line);
      if (line.includes('starting up')) resolve();
    });
  });
  return child;
}

export async function startMailServer(): Promise<MailServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-mail-'));
  const port = await freePort();
  const runner = whoRuns();
  let delivered = 0;
  const child = await startDovecot(folder, port, runner);
  const received: ReceivedMail[] = [];
  const smtp: MailServer['smtp'] = { answer: null, onConnect: null };
  const server = createSmtp(received, smtp);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const smtpPort = typeof address === 'object' && address ? address.port : 0;
  const place = { host: '127.0.0.1', security: 'none', user: USER } as const;
  return {
    ...{ received, smtp },
    mailbox: {
      ...{ address: USER, name: '단골 고객센터', since: '2020-01-01', replyHours: 24, formSenders: [] },
      ...{ imap: { ...place, port, folder: 'INBOX' }, smtp: { ...place, port: smtpPort } },
      password: PASSWORD,
    },
    // As a server that delivers does: whole under tmp, then at once into new.
    arrive: async (source) => {
      const mail = join(folder, 'home', 'mail');
      delivered += 1;
      const name = `${Date.now()}.${String(delivered).padStart(6, '0')}.dangol`;
      writeFileSync(join(mail, 'tmp', name), source);
      chownSync(join(mail, 'tmp', name), runner.uid, runner.gid);
      renameSync(join(mail, 'tmp', name), join(mail, 'new', name));
    },
    rebuild: async () => {
      const mail = join(folder, 'home', 'mail');
      for (const name of readdirSync(mail)) if (name.startsWith('dovecot')) rmSync(join(mail, name));
    },
    close: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function createSmtp(received: ReceivedMail[], smtp: MailServer['smtp']): SMTPServer {
  const server = new SMTPServer({
    ...{ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false },
    onConnect: (_session, said) => {
      smtp.onConnect?.();
      said();
    },
    onAuth: (auth, _session, said) => {
      const fits = auth.username === USER && auth.password === PASSWORD;
      said(fits ? null : new Error('not let in'), fits ? { user: USER } : undefined);
    },
    onRcptTo: ({ address }, _session, said) => {
      const refused = Object.assign(new Error('no such user'), { responseCode: 550 });
      said(address.startsWith('nobody@') ? refused : null);
    },
    onData: (stream, session, said) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        const mail = { from, to: rcptTo.map((one) => one.address), source: Buffer.concat(chunks).toString('utf8') };
        const answer = smtp.answer?.(mail) ?? 'take';
        if (typeof answer === 'object') {
          said(Object.assign(new Error(answer.text), { responseCode: answer.code }));
          return;
        }
        received.push(mail);
        if (answer === 'take') said();
        else for (const connection of server.connections) connection.close();
      });
    },
  });
  server.on('error', () => {});
  return server;
}
