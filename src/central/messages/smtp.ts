import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SendingReason } from '../../shared/message.ts';
import type { Account } from './account.ts';
import { DELIVERY_MS } from './outgoing.ts';

export interface Letter {
  from: { name: string; address: string };
  to: string;
  subject: string;
  text: string;
  messageId: string;
  /** Of what it answers. */
  inReplyTo: string | null;
  references: string | null;
  at: Date;
}

/** The mail as it goes over the wire. */
export function compose(letter: Letter): Promise<Buffer> {
  const { from, to, subject, text, messageId, inReplyTo, references, at } = letter;
  const composer = new MailComposer({
    ...{ from, to, subject, text, date: at, messageId: `<${messageId}>` },
    ...(inReplyTo ? { inReplyTo: `<${inReplyTo}>` } : {}),
    ...(references ? { references } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

export type Delivery = { done: true } | { done: false; reason: SendingReason | null; final: boolean };

/**
 * Hands one mail to the server. `beforeHanding` ends before the first byte of the mail goes, or says that none may go: what breaks after
 * that and before the server's word is neither sent nor not sent, as far as anybody can know (RFC 5321, 4.5.4.1). Ends within
 * `deadlineMs`.
 */
export async function deliver(
  { smtp, password }: Account,
  mail: { from: string; to: string; content: Buffer },
  beforeHanding: () => Promise<boolean>,
  deadlineMs = DELIVERY_MS,
): Promise<Delivery> {
  if (smtp === null) return { done: false, reason: 'no_mailbox', final: true };
  const connection = new SMTPConnection({
    ...{ host: smtp.host, port: smtp.port, secure: smtp.security === 'tls' },
    ...{ requireTLS: smtp.security === 'starttls', ignoreTLS: smtp.security === 'none' },
    ...{ connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 60_000, logger: false },
  });
  let handed = false;
  let deadline: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    connection.once('error', reject);
    deadline = setTimeout(() => reject(new Error('the server takes too long')), deadlineMs);
  });
  failed.catch(() => {});
  try {
    await Promise.race([done((said) => connection.connect((error) => said(error))), failed]);
    const credentials = { user: smtp.user, pass: password };
    if (connection.allowsAuth) await Promise.race([done((said) => connection.login({ credentials }, said)), failed]);
    const content = Readable.from(
      (async function* () {
        if (!(await beforeHanding())) throw new Error('somebody else has it');
        handed = true;
        yield mail.content;
      })(),
      { objectMode: false },
    );
    const envelope = { from: mail.from, to: [mail.to], size: mail.content.length };
    await Promise.race([done((said) => connection.send(envelope, content, said)), failed]);
    connection.quit();
    return { done: true };
  } catch (error) {
    connection.close();
    return verdictOf(error, handed);
  } finally {
    clearTimeout(deadline);
  }
}

function done(start: (said: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}

function verdictOf(error: unknown, handed: boolean): Delivery {
  const facts = typeof error === 'object' && error !== null ? error : {};
  const code = 'code' in facts ? String(facts.code) : '';
  const said = 'responseCode' in facts && typeof facts.responseCode === 'number' ? facts.responseCode : 0;
  if (code === 'EAUTH') return { done: false, reason: 'not_let_in', final: false };
  if (said >= 500) return { done: false, reason: code === 'EENVELOPE' ? 'bad_address' : 'refused', final: true };
  if (said >= 400) return { done: false, reason: null, final: false };
  if (code === 'EENVELOPE') return { done: false, reason: 'bad_address', final: true };
  if (handed) return { done: false, reason: 'uncertain', final: true };
  return { done: false, reason: null, final: false };
}
