import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isReady, runPlain, TEST_SWITCHES } from './support/launch.ts';

const root = resolve(import.meta.dirname, '..', '..');
const runFile = promisify(execFile);

/** (c) What `npm run package -- --dir` makes, read back and started. Its inspector is shut, so Playwright cannot drive it. */
describe('the packed desk', () => {
  const output = mkdtempSync(join(tmpdir(), 'dangol-package-'));
  const unpacked = join(output, 'linux-unpacked');
  const executable = join(unpacked, 'dangol');
  const resources = join(unpacked, 'resources');
  const data = join(output, 'data');

  beforeAll(async () => {
    await runFile(process.execPath, [join(root, 'scripts', 'package.mjs'), '--dir', '--output', output]);
  });
  afterAll(() => rmSync(output, { recursive: true, force: true }));

  it('has its fuses set', async () => {
    const fuses = await getCurrentFuseWire(executable);
    const state = (fuse: FuseV1Options) => fuses[fuse];
    const off = FuseState.DISABLE;
    const on = FuseState.ENABLE;
    expect({
      runAsNode: state(FuseV1Options.RunAsNode),
      nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: state(FuseV1Options.EnableNodeCliInspectArguments),
      cookieEncryption: state(FuseV1Options.EnableCookieEncryption),
      asarIntegrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyFromAsar: state(FuseV1Options.OnlyLoadAppFromAsar),
      fileProtocol: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: off,
      nodeOptions: off,
      inspect: off,
      cookieEncryption: on,
      asarIntegrity: on,
      onlyFromAsar: on,
      fileProtocol: off,
    });
  });

  it('keeps the one .node file of this platform outside the asar, and takes no other along', () => {
    const outside = join(resources, 'app.asar.unpacked', 'node_modules', 'better-sqlite3', 'prebuilds');
    expect(readdirSync(outside)).toEqual([`${process.platform}-${process.arch}.node`]);
    const inside = asarFiles(join(resources, 'app.asar'));
    expect(inside.filter(({ path }) => path.endsWith('.node'))).toEqual([
      { path: `/node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`, unpacked: true },
    ]);
  });

  it('holds the desk and nothing of the workshop', () => {
    const inside = asarFiles(join(resources, 'app.asar'));
    const paths = inside.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/dist/electron/main.js',
        '/dist/electron/preload.cjs',
        '/dist/electron/host-entry.js',
        '/dist/electron/cache-worker.js',
        '/dist/electron/fetch-worker.js',
        '/dist/renderer/index.html',
      ]),
    );
    const tops = new Set(
      paths.map((path) =>
        path
          .split('/')
          .slice(1, path.startsWith('/node_modules') ? 3 : 2)
          .join('/'),
      ),
    );
    expect([...tops].toSorted()).toEqual(['dist', 'node_modules/better-sqlite3', 'package.json']);
    expect(paths.filter((path) => path.endsWith('.map'))).toEqual([]);
    expect(inside.filter(({ unpacked }) => unpacked)).toHaveLength(1);
    // Neither the launcher of the test aid nor Electron's own default app.
    expect(readdirSync(resources).toSorted()).toEqual(['app.asar', 'app.asar.unpacked']);
  });

  it('starts, shows the page out of its asar, and ends in order', async () => {
    const args = ['--central', 'http://127.0.0.1:9', '--practice', '--demo-login', 'agent1', '--data', data];
    const run = runPlain(executable, [...TEST_SWITCHES, '--remote-debugging-port=0', ...args]);
    await run.waitFor(isReady);
    const port = await vi.waitUntil(() => devToolsPort(join(data, 'electron')));
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const page = browser.contexts()[0]?.pages()[0];
    expect(page?.url()).toBe('app://dangol/index.html');
    expect(await page?.evaluate(() => (window as { dangolShell?: { kind: string } }).dangolShell?.kind)).toBe(
      'electron',
    );
    await browser.close();
    run.child.kill('SIGTERM');
    expect(await run.exit).toEqual({ code: 0, signal: null });
  });

  it('is no Node for others, and opens no inspector', async () => {
    const code = "require('node:fs').writeFileSync(process.env.PROOF, 'ran')";
    const proof = join(output, 'proof');
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', PROOF: proof };
    // With a broken address the desk ends by itself: what would have run as Node ends too.
    const args = [...TEST_SWITCHES, '--inspect=0', '--central', 'nowhere', '-e', code];
    const { stdout, stderr } = await runFile(executable, args, { env, timeout: 20_000 }).catch(
      (error: unknown) => error as Output,
    );
    expect(stdout).toContain('CONFIG_BROKEN');
    expect(stderr).not.toContain('Debugger listening');
    expect(existsSync(proof)).toBe(false);
  });
});

interface Output {
  stdout: string;
  stderr: string;
}

/** Chromium writes the port it chose into its profile folder. */
function devToolsPort(folder: string): string | null {
  const file = join(folder, 'DevToolsActivePort');
  return existsSync(file) ? (readFileSync(file, 'utf8').split('\n')[0] ?? null) : null;
}

interface AsarEntry {
  files?: Record<string, AsarEntry>;
  unpacked?: boolean;
}

/** The header of an asar is one JSON object behind four lengths of 32 bits (the fourth is the JSON's own). */
function asarFiles(archive: string): { path: string; unpacked: boolean }[] {
  const bytes = readFileSync(archive);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as AsarEntry;
  const list = (entry: AsarEntry, path: string): { path: string; unpacked: boolean }[] =>
    entry.files
      ? Object.entries(entry.files).flatMap(([name, child]) => list(child, `${path}/${name}`))
      : [{ path, unpacked: entry.unpacked === true }];
  return list(header, '');
}
