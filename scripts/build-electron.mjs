// Bundles the Electron half of the desk into dist/electron: main and the host's process as ES modules, the preload as one
// CommonJS file (a sandboxed preload can be nothing else).
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { inRoot, root } from './lib/paths.mjs';

/** Loaded from node_modules at run time: it carries its own .node files. */
const NATIVE = ['better-sqlite3'];

/**
 * @param {{ outFolder?: string, hostEntry?: string }} [options] tests bring a host entry of their own; main and preload are
 *   always the shipped ones.
 */
export async function buildElectron(options = {}) {
  const { outFolder = inRoot('dist', 'electron'), hostEntry = 'src/main/electron/host-entry.ts' } = options;
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: /** @type {const} */ ('node'),
    // The oldest Node that an Electron of ours has: the test aid's.
    target: 'node20',
    external: ['electron', ...NATIVE],
    sourcemap: /** @type {const} */ ('linked'),
    logLevel: /** @type {const} */ ('warning'),
    logOverride: { 'empty-import-meta': /** @type {const} */ ('error') },
  };
  await rm(outFolder, { recursive: true, force: true });
  await mkdir(outFolder, { recursive: true });
  await Promise.all([
    build({
      ...common,
      format: 'esm',
      entryPoints: {
        main: 'src/main/electron/main.ts',
        'host-entry': hostEntry,
        // Threads of the host: found beside it.
        'cache-worker': 'src/main/cache-worker.ts',
        'fetch-worker': 'src/main/fetch-worker.ts',
      },
      outdir: outFolder,
      // A bundled CommonJS library still calls require for Node's own modules.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    }),
    build({
      ...common,
      format: 'cjs',
      entryPoints: ['src/main/electron/preload.ts'],
      outfile: join(outFolder, 'preload.cjs'),
    }),
    copyFile(inRoot('assets', 'icons', 'dangol.png'), join(outFolder, 'tray.png')),
    ...['ko', 'en'].map((language) =>
      copyFile(inRoot('assets', 'locales', language, 'shell.json'), join(outFolder, `shell.${language}.json`)),
    ),
  ]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildElectron();
