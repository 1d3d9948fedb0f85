// Runs the bundle of the host's entry in a worker thread, with what Electron gives a utility process: process.parentPort.
import { EventEmitter } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';

const port = Object.assign(new EventEmitter(), { postMessage: (message) => parentPort.postMessage(message) });
parentPort.on('message', (message) => port.emit('message', message));
// A worker may not set the process's umask.
process.umask = () => 0o077;
process.parentPort = port;
await import(workerData.bundle);
