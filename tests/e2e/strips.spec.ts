import { expect, type Page, test } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';

/** The strips from which somebody is called, in the real page over a host that answers as it is told. */
const CONFIG = 'tests/gallery/vite.config.ts';

let server: PreviewServer;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  await build({ configFile: CONFIG, logLevel: 'error', build: { outDir: '../../dist/strips' } });
  const options = { build: { outDir: '../../dist/strips' }, preview: { port: 0, host: '127.0.0.1' } };
  server = await preview({ configFile: CONFIG, logLevel: 'error', ...options });
});
test.afterAll(() => server?.close());

async function open(page: Page, state: string, lang: 'ko' | 'en' = 'en'): Promise<void> {
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}?state=${state}&lang=${lang}&scheme=light`);
  await page.locator('body[data-gallery="ready"]').waitFor();
}

/** Whom the phone was told to call. */
const called = (page: Page) =>
  page.evaluate(() => window.gallery?.line.asked.filter((act) => /^(call|consult|transfer) /.test(act)) ?? []);

const refused = (rule: 'premium_number' | 'forbidden_number') => ({
  allowed: false as const,
  refusals: [{ rule, data: { prefix: '+882' }, overridable: false }],
});

test.describe('on a desk that was locked in a call', () => {
  for (const [lang, button, hint] of [
    ['ko', '긴급 전화', '로그인할 때까지는 긴급 번호(112, 119 등)로만 걸 수 있습니다.'],
    ['en', 'Emergency call', 'Until you sign in, only emergency numbers (112, 119 and others) can be called.'],
  ] as const) {
    test(`119 is called by keys alone (${lang})`, async ({ page }) => {
      await open(page, 'locked-in-call', lang);
      await expect(page.getByRole('button', { name: button })).toContainText('Alt+T');
      await page.keyboard.press('Alt+KeyT');
      await expect(page.locator('input[type="tel"]')).toBeFocused();
      await expect(page.getByText(hint)).toBeVisible();
      await page.keyboard.insertText('119');
      await page.keyboard.press('Enter');
      await expect.poll(() => called(page)).toEqual(['call 119']);
    });
  }

  test('no other number is called, and nothing of a customer is shown', async ({ page }) => {
    await open(page, 'locked-in-call');
    await page.evaluate(() => {
      window.gallery?.host.state.failing.set('dial.check', { code: 'LOCKED', next: 'sign-in' });
    });
    await page.keyboard.press('Alt+KeyT');
    await page.keyboard.insertText('010-0000-1234');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('form', { name: 'Call' }).getByRole('alert')).toContainText('Sign in again.');
    await expect(page.getByRole('list', { name: 'Recent calls' })).toHaveCount(0);
    expect(await called(page)).toEqual([]);
  });
});

test.describe('handing a customer over says what the gate says', () => {
  async function handOver(page: Page, number: string): Promise<void> {
    await page.keyboard.press('Alt+KeyG');
    await expect(page.getByRole('textbox', { name: 'Colleague or number' })).toBeFocused();
    await page.keyboard.insertText(number);
    await page.keyboard.press('Enter');
  }
  const word = (page: Page) => page.getByRole('form', { name: 'Transfer' }).getByRole('alert');

  test('a premium number, a forbidden one: each in its own words, and nobody is called', async ({ page }) => {
    for (const [rule, words] of [
      ['premium_number', 'This is a premium-rate number.'],
      ['forbidden_number', 'Your business does not call numbers that begin with +882'],
    ] as const) {
      await open(page, 'talking');
      await page.evaluate(
        (verdict) => window.gallery && Object.assign(window.gallery.host.state, { verdict }),
        refused(rule),
      );
      await handOver(page, '060-700-1234');
      await expect(word(page)).toContainText(words);
      await expect(word(page)).toContainText('This call cannot be placed.');
      expect(await called(page)).toEqual([]);
    }
  });

  test('a number on the do-not-call list is said first, and called when the agent goes on', async ({ page }) => {
    await open(page, 'talking');
    await page.evaluate(() => {
      const listed = {
        allowed: true as const,
        target: '+821000005678',
        emergency: false,
        overridden: [],
        doNotCall: true,
      };
      if (window.gallery) window.gallery.host.state.verdict = listed;
    });
    await handOver(page, '010-0000-5678');
    await expect(word(page)).toContainText('This number is on the do-not-call list.');
    expect(await called(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => called(page)).toEqual([expect.stringMatching(/^consult .* \+821000005678$/)]);
  });
});
