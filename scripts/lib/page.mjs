import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, node24 } from './paths.mjs';
import { capture } from './run.mjs';
import { fail, say, withProgress } from './say.mjs';

const sources = ['src/renderer', 'src/telephony', 'src/shared', 'assets', 'vite.config.ts', 'package-lock.json'];

function newest(path) {
  if (!existsSync(path)) return 0;
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Builds the desk's page into dist/renderer when a source is newer than the last build. */
export async function ensurePage() {
  const built = inRoot('dist', 'renderer', 'index.html');
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  if (builtAt > Math.max(...sources.map((path) => newest(inRoot(path))))) return;
  await withProgress('Building the page', async () => {
    const vite = inRoot('node_modules', 'vite', 'bin', 'vite.js');
    // Whatever the caller runs as: a test's NODE_ENV would build React's slow development form into the page that agents get.
    const env = { NODE_ENV: 'production' };
    const { code, output } = await capture(node24(), [vite, 'build', '--logLevel', 'warn'], { env });
    if (code === 0) return;
    say(output);
    fail('the page could not be built.', 'The lines above name the file. Undo your last change to it or mend it.');
  });
}
