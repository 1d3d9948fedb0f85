import type { Worker } from 'node:worker_threads';

/** The file of a thread of the host: beside this one, as source or as the build made it. */
export function threadFile(name: 'cache-worker' | 'fetch-worker'): URL {
  return new URL(`./${name}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
}

/** Tells a thread to end, and resolves when it did. */
export async function endThread(worker: Worker): Promise<void> {
  await new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
    worker.postMessage({ type: 'end' });
  });
}
