import { expect, type Page, test } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';

/** A customer of thousands of contacts, in the real screens over fixture data. */
const CONFIG = 'tests/gallery/vite.config.ts';
let server: PreviewServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  await build({ configFile: CONFIG, logLevel: 'error' });
  server = await preview({ configFile: CONFIG, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
});
test.afterAll(() => server?.close());

const history = (page: Page) => page.getByRole('region', { name: 'Contacts' });
async function open(page: Page, state: 'history-years' | 'history-long'): Promise<void> {
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}?state=${state}&lang=en&scheme=light`);
  await page.locator('body[data-gallery="ready"]').waitFor();
}

test('is read to its end by keys alone, and the note keeps what was typed', async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, 'history-years');
  await page.locator('#note-field').fill('읽는 동안 적은 메모');
  await history(page).focus();
  const oldest = history(page).getByText('문의 1999', { exact: true });
  for (let pages = 0; (await oldest.count()) === 0; pages += 1) {
    expect(pages).toBeLessThan(30);
    const height = await history(page).evaluate((element) => element.scrollHeight);
    await page.keyboard.press('End');
    await page.waitForFunction(
      (before) => (document.querySelector('section section')?.scrollHeight ?? 0) > before,
      height,
    );
  }
  await expect(page.getByRole('button', { name: 'Show earlier contacts' })).toHaveCount(0);
  // Only what is near stands in the page.
  expect(await history(page).locator('b').count()).toBeLessThan(1500);
  await page.keyboard.press('Home');
  await expect(history(page).getByText('환불 문의')).toBeVisible();
  await expect(page.locator('#note-field')).toHaveValue('읽는 동안 적은 메모');
});

test('is searched and filtered whole, not only where it was scrolled to', async ({ page }) => {
  await open(page, 'history-long');
  await page.getByLabel('Search in it').fill('문의 9998');
  await expect(history(page).getByText('문의 9998', { exact: true })).toBeVisible();
  await page.getByLabel('Search in it').fill('');
  await page.getByText('Letter', { exact: true }).first().click();
  await expect(history(page).getByText('문의 5', { exact: true })).toBeVisible();
  await expect(history(page).getByText('문의 4', { exact: true })).toHaveCount(0);
});
