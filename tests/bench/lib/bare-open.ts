// node bare-open.ts FILE: a Node that opens an encrypted cache and reads one row of it: what a start and its memory cost at least.
import { connect } from '../../../src/main/db/connection.ts';
import { MILLION_KEY } from './make-million.ts';

const db = connect({ file: process.argv[2] ?? '', key: MILLION_KEY, cipher: 'aegis' });
db.prepare('SELECT data FROM customer LIMIT 1').get();
process.stdout.write('ready\n');
setTimeout(() => {}, 60_000);
