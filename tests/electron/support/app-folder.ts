import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { buildElectron } from '../../../scripts/build-electron.mjs';

const root = resolve(import.meta.dirname, '..', '..', '..');

/**
 * An app as Electron starts it: the shipped main and preload, with the host's entry and the page that a test needs.
 * @param given.hostEntry source file of the host's entry; the shipped one if absent.
 * @param given.page 'built': dist/renderer as it is. Otherwise the source file of a page of the tests.
 * @returns the folder to give to Electron, and the way to take it away.
 */
export async function makeAppFolder(given: { hostEntry?: string; page: 'built' | string }) {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-electron-app-'));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'dangol', version: '0.0.1', type: 'module', main: 'dist/electron/main.js' }),
  );
  // What the host's entry loads at run time. A link, as in a checkout; the packed app has its own copy.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const outFolder = join(folder, 'dist', 'electron');
  await buildElectron(given.hostEntry ? { outFolder, hostEntry: given.hostEntry } : { outFolder });
  const page = join(folder, 'dist', 'renderer');
  if (given.page === 'built') {
    const built = join(root, 'dist', 'renderer');
    if (!existsSync(join(built, 'index.html')))
      throw new Error('dist/renderer is not built: npm run test:electron builds it');
    cpSync(built, page, { recursive: true });
  } else {
    await buildPage(given.page, page);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function buildPage(entry: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'esm',
    target: 'chrome130',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"test"' },
  });
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><meta charset="utf-8"><title>desk</title><p>desk</p><script type="module" src="/page.js"></script>',
  );
}
