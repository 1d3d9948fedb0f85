import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './db/connection.ts';
import { chooseDataKey } from './db/data-key.ts';

// node src/main/count-unsent.ts FOLDER: what the desk of this folder has written and no centre has, as one line of JSON,
// {"operations":n,"drafts":n}. For the launcher, before it forgets practice data. Only a desk with a key file can be read.

function countUnsent(folder: string): { operations: number; drafts: number } {
  const file = join(folder, 'outbox.db');
  if (!existsSync(file)) return { operations: 0, drafts: 0 };
  const { key } = chooseDataKey({ folder, dataKey: null, mayUseFile: true, hasData: true });
  const outbox = connect({ file, key });
  try {
    const count = (sql: string) => (outbox.prepare(sql).get() as { n: number }).n;
    return {
      operations: count(
        `SELECT count(*) AS n FROM operation WHERE kind <> 'access.record' AND status IN ('pending', 'rejected', 'quarantined')`,
      ),
      drafts: count(`SELECT count(*) AS n FROM draft WHERE trim(text) <> ''`),
    };
  } finally {
    outbox.close();
  }
}

process.stdout.write(JSON.stringify(countUnsent(process.argv[2] ?? '')));
