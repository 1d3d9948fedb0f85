import { type Page, test } from '@playwright/test';
import { type PreviewServer, preview } from 'vite';

export const GALLERY_CONFIG = 'tests/gallery/vite.config.ts';

export interface Variant {
  lang: 'ko' | 'en';
  scheme: 'light' | 'dark';
}

interface GalleryServer {
  readonly address: string;
  /** A state of the desk, with everything in it drawn. */
  open: (page: Page, state: string, variant?: Variant) => Promise<void>;
}

/** Serves the gallery that gallery.setup.ts has built, as long as the tests of this file run. */
export function serveGallery(): GalleryServer {
  let server: PreviewServer | null = null;
  test.beforeAll(async () => {
    server = await preview({
      configFile: GALLERY_CONFIG,
      preview: { port: 0, host: '127.0.0.1' },
      logLevel: 'error',
    });
  });
  test.afterAll(() => server?.close());
  const address = () => server?.resolvedUrls?.local[0] ?? '';
  return {
    get address() {
      return address();
    },
    open: async (page, state, { lang, scheme } = { lang: 'ko', scheme: 'light' }) => {
      await page.goto(`${address()}?state=${state}&lang=${lang}&scheme=${scheme}`);
      await page.locator('body[data-gallery="ready"]').waitFor();
    },
  };
}
