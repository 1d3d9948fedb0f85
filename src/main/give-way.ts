import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/**
 * Lets the other threads of this machine go before the calling one, which must be a worker: a first load takes a processor for
 * minutes, and the agent's desk may have but two. Linux has a priority for each thread; elsewhere nothing happens.
 */
export function giveWay(): void {
  if (isMainThread || process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (thread > 0 && thread !== process.pid) setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Without /proc, or where a container forbids it: as every other thread.
  }
}
