import { test } from '@playwright/test';
import { build } from 'vite';
import { GALLERY_CONFIG } from './support/gallery.ts';

test('the gallery is built once for all who look at it', async () => {
  test.setTimeout(120_000);
  await build({ configFile: GALLERY_CONFIG, logLevel: 'error' });
});
