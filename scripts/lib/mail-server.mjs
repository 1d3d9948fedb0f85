import { existsSync } from 'node:fs';
import { aptInstall } from './apt.mjs';
import { say, withProgress } from './say.mjs';

const serverThere = () => ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'].some((path) => existsSync(path));

/** An IMAP server (Dovecot) for the tests of mail; without it they are skipped and counted as skipped. */
export async function ensureMailServer() {
  if (serverThere()) return;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    await withProgress('Getting a mail server for the tests', (tell) => aptInstall(['dovecot-imapd'], tell));
  }
  if (!serverThere()) say('No mail server here: the tests of mail are skipped (apt-get install dovecot-imapd).');
}
