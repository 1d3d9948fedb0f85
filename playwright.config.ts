import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** DANGOL_CHROMIUM (scripts/test.mjs finds one), Debian's, or Playwright's own where its download worked. */
const chromium = process.env.DANGOL_CHROMIUM || '/usr/bin/chromium';

/** Whatever looks at the gallery: it needs no call centre, and each of its tests stands by itself. */
const ofGallery = /(gallery|gallery-looks|strips|phone-page|shared-screen|hangul)\.spec\.ts$/;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  // Each file starts a call centre of its own; two cores carry two of them.
  workers: 2,
  fullyParallel: false,
  projects: [
    { name: 'desk', testIgnore: [ofGallery, 'gallery.setup.ts'] },
    { name: 'gallery-built', testMatch: 'gallery.setup.ts' },
    { name: 'gallery', testMatch: ofGallery, dependencies: ['gallery-built'], fullyParallel: true },
  ],
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    trace: 'off',
    launchOptions: {
      ...(existsSync(chromium) ? { executablePath: chromium } : {}),
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync'],
        // A microphone without a question; no autoplay flag: the desk must ask for its first key.
        ...['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
      ],
    },
  },
});
