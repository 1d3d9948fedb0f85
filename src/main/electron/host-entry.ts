import { createHost, endForRepair } from '../host.ts';
import { serveHostProcess } from './host-process.ts';

// What the utility process runs: the same host as in the browser shell, over MessagePorts. The data folder is for this user
// alone.
process.umask(0o077);
// Ctrl+C reaches the whole group: the shell decides what it means.
process.on('SIGINT', () => {});
serveHostProcess(process.parentPort, (start) =>
  createHost(start, {
    onDamage: endForRepair,
    onWiped: endForRepair,
    log: (event, data) => {
      process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...data })}\n`);
    },
  }),
);
