import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from '../../../scripts/lib/electron-binary.mjs';

export interface RunningDesk {
  app: ElectronApplication;
  page: Page;
  /** What the program said on stdout, as JSON lines. */
  said: unknown[];
  dataFolder: string;
  close: () => Promise<void>;
}

/** The Electron that these tests run: node_modules' own where it is there, else the test aid. */
export async function electronForTests() {
  const binary = await findElectron({ forTests: true, fetch: false });
  if (!binary) throw new Error('no Electron to test with: npm run test:electron gets one, or says why it cannot');
  return binary;
}

/** As root there is no sandbox; a test machine has no GPU and no microphone. Tests only: the product never passes these. */
export const TEST_SWITCHES = ['--no-sandbox', '--disable-gpu', '--use-fake-device-for-media-stream', '--lang=en-US'];

/**
 * Holds Electron's "ready" back until Playwright is attached. Playwright passes it by itself only when it also chooses the
 * executable; without it, one start in thirty hangs while a window opens and Playwright attaches at the same time.
 */
const ATTACH_FIRST = join(
  dirname(
    createRequire(createRequire(import.meta.url).resolve('@playwright/test')).resolve('playwright-core/package.json'),
  ),
  'lib/server/electron/loader.js',
);

/** Starts an app folder under Playwright and waits for its window. `switches`: more of Chromium's, for this window alone. */
export async function launchDesk(
  appFolder: string,
  args: readonly string[],
  switches: readonly string[] = [],
): Promise<RunningDesk> {
  const { path } = await electronForTests();
  const dataFolder = mkdtempSync(join(tmpdir(), 'dangol-electron-data-'));
  const app = await _electron.launch({
    executablePath: path,
    args: ['-r', ATTACH_FIRST, ...TEST_SWITCHES, ...switches, appFolder, '--data', dataFolder, ...args],
  });
  const said: unknown[] = [];
  const out = app.process().stdout;
  if (out) createInterface({ input: out }).on('line', (line) => said.push(readLine(line)));
  const page = await app.firstWindow();
  await page.waitForLoadState('load');
  return {
    app,
    page,
    said,
    dataFolder,
    close: async () => {
      await app.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

export interface PlainRun {
  child: ChildProcess;
  said: unknown[];
  /** Resolves with the first JSON line of stdout that fits, or rejects when the program ends without it. */
  waitFor: (fits: (line: unknown) => boolean) => Promise<unknown>;
  exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a program without Playwright: for exit codes, second starts, and the packed app whose inspector is shut. */
export function runPlain(executable: string, args: readonly string[]): PlainRun {
  const child = spawn(executable, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: unknown[] = [];
  const listeners = new Set<() => void>();
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-4000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(readLine(line));
    for (const listener of listeners) listener();
  });
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const waitFor = (fits: (line: unknown) => boolean) =>
    new Promise<unknown>((resolve, reject) => {
      const look = () => {
        const found = said.find(fits);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      void exit.then(({ code }) => reject(new Error(`ended with code ${code} before it said so: ${errors}`)));
    });
  return { child, said, waitFor, exit };
}

export function isReady(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'ready' in line && line.ready === true;
}

function readLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
