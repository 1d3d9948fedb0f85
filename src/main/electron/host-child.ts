import { type MessagePortMain, utilityProcess } from 'electron';
import type { HostChild } from './host-supervisor.ts';

/** Starts the host's entry as a utility process. Its environment is ours; the data key goes in the first message only. */
export function forkHost(entry: string): HostChild<MessagePortMain> {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Dangol host', stdio: ['ignore', 'pipe', 'pipe'] });
  // Our stdout carries JSON lines for whoever started us: what the host prints goes to stderr.
  child.stdout?.pipe(process.stderr, { end: false });
  child.stderr?.pipe(process.stderr, { end: false });
  return {
    send: (message, port) => child.postMessage(message, port ? [port] : []),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', listener),
    kill: () => child.kill(),
  };
}
