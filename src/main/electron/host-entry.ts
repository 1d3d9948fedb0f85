import { createHost } from '../host.ts';
import { serveHostProcess } from './host-process.ts';

// What the utility process runs: the same host as in the browser shell, over MessagePorts.
serveHostProcess(process.parentPort, (start) => createHost(start));
