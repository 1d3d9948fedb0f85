import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import { build } from 'esbuild';
import type {} from '../page/probe.ts';
import { writeWav } from './sound-files.ts';
import { tone } from './tones.ts';

const pageFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'page');

/** What the agent says into the microphone, in hertz. */
export const AGENT_HZ = 700;

export interface PbxBrowser {
  browser: Browser;
  /** A window of its own (own storage, own phone) with the probe in every page. */
  newDesk: () => Promise<BrowserContext>;
  close: () => Promise<void>;
}

/** Real Chromium with a microphone that says AGENT_HZ, in a beat: a steady tone would be taken for noise and removed. */
export async function openBrowser(): Promise<PbxBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-browser-'));
  const probe = await bundle('probe.ts');
  const browser = await chromium.launch({
    executablePath: process.env.DANGOL_CHROMIUM || '/usr/bin/chromium',
    args: [
      // Tests run as root, in a network with nothing but loopback.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...mediaSwitches(folder),
    ],
  });
  return {
    browser,
    newDesk: async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['microphone'] });
      await context.addInitScript({ content: probe });
      return context;
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Switches of any Chromium, Electron's too: audio over loopback, without a question, from a microphone that says AGENT_HZ. */
export function mediaSwitches(folder: string): string[] {
  const microphone = join(folder, 'agent.wav');
  const beat = { on: 0.4, off: 0.2 };
  writeWav(microphone, tone({ hz: AGENT_HZ, seconds: 6, rate: 48_000, beat }), 48_000);
  return [
    // Without it Chromium gathers no ICE candidate on loopback: the call is "established" and silent.
    '--allow-loopback-in-peer-connection',
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${microphone}`,
  ];
}

/** One script of tests/pbx/page as a classic script. */
export async function bundle(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [join(pageFolder, entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'chrome120',
    logLevel: 'silent',
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error(`${entry} was bundled to nothing`);
  return file.text;
}
