import { existsSync, readdirSync } from 'node:fs';
import { aptInstall } from './apt.mjs';
import { say, withProgress } from './say.mjs';

function serverThere() {
  const folder = '/usr/lib/postgresql';
  return existsSync(folder) && readdirSync(folder).some((version) => existsSync(`${folder}/${version}/bin/postgres`));
}

/** A PostgreSQL server for the suites that need one; without it they are skipped and counted as skipped. */
export async function ensurePostgres() {
  if (serverThere()) return;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    await withProgress('Getting PostgreSQL for the tests', (tell) => aptInstall(['postgresql'], tell));
  }
  if (!serverThere()) say('No PostgreSQL server here: its suites are skipped (apt-get install postgresql).');
}
