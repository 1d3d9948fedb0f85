import { expect, type Page, test } from '@playwright/test';
import { serveGallery } from './support/gallery.ts';

/** Others see the screen: what is drawn of the real screens over fixture data, in the states in which most is shown. */
const { open } = serveGallery();

const STATES = [
  ...[
    'ringing',
    'talking',
    'second-call',
    'peek',
    'several',
    'unknown',
    'wrap-up',
    'ledger-full',
    'same-person',
    'capsule',
  ],
  ...[
    'mail-in-history',
    'mail-whole',
    'mail-answer',
    'mail-attachment',
    'mail-waiting',
    'missed',
    'attention',
    'note-blocks',
  ],
];

/** Who and what the fixtures are about: names, numbers, addresses, and what was said. */
const PERSONAL = /김\*|김민|장\*|010|\*{3}|@example|C-\d|중복|결제|환불 진행|이사하는|약속한|공유기|강남/;

/** What can be read of the page: texts that are drawn as they are. */
function readable(): string[] {
  const drawn = (element: Element) =>
    getComputedStyle(element).getPropertyValue('-webkit-text-security') !== 'disc' &&
    element.checkVisibility({ visibilityProperty: true });
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (parent && text !== '' && !parent.closest('style, script, .sr-only') && drawn(parent)) texts.push(text);
  }
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea, select')) {
    if (drawn(field)) texts.push(field.value, field.getAttribute('placeholder') ?? '');
  }
  for (const image of document.querySelectorAll('img:not([alt=""])')) if (drawn(image)) texts.push('@example image');
  return texts;
}

const share = (page: Page) => page.keyboard.press('Alt+Shift+KeyD');

for (const state of STATES) {
  test(`${state}: nothing of a customer can be read, and one key brings it back`, async ({ page }) => {
    await open(page, state);
    const personal = async () => (await page.evaluate(readable)).filter((text) => PERSONAL.test(text));
    expect((await personal()).length).toBeGreaterThan(0);
    await share(page);
    const lamp = page.getByRole('button', { name: /화면 공유 중/ });
    await expect(lamp).toBeVisible();
    expect(await personal()).toEqual([]);
    // What an agent needs to go on stays.
    expect((await page.evaluate(readable)).join(' ')).toContain('회선');
    await share(page);
    await expect(lamp).toHaveCount(0);
    expect((await personal()).length).toBeGreaterThan(0);
  });
}

test('articles can be read, but neither why they fit the call nor what is searched for', async ({ page }) => {
  await open(page, 'knowledge-suggested');
  const first = page.locator('aside [role="option"]').first();
  const title = (await first.locator('[class*="hitTitle"]').textContent()) ?? '';
  const why = (await page.locator('aside [role="option"] [class*="why"]').allTextContents()).map((one) => one.trim());
  expect(why.join(' ')).toContain('해지');
  const read = async () => (await page.evaluate(readable)).join('\n');
  for (const text of why) expect(await read()).toContain(text);
  await share(page);
  await expect(page.getByRole('button', { name: /화면 공유 중/ })).toBeVisible();
  expect(await read()).toContain(title);
  for (const text of why) expect(await read()).not.toContain(text);

  await open(page, 'knowledge-nothing');
  expect(await read()).toContain('우주여행');
  await share(page);
  await expect(page.getByRole('button', { name: /화면 공유 중/ })).toBeVisible();
  expect(await read()).not.toContain('우주여행');

  await open(page, 'knowledge-article');
  await share(page);
  await expect(page.getByRole('button', { name: /화면 공유 중/ })).toBeVisible();
  expect(await read()).toContain((await page.locator('aside article h3').textContent()) ?? '?');
});

test('a title does not come up, and there is no way to peek', async ({ page }) => {
  await open(page, 'talking');
  await share(page);
  const time = page.locator('main time[title]').first();
  await time.hover();
  await expect(page.locator('main time').first()).not.toHaveAttribute('title', /.+/);
  await page.keyboard.press('Alt+KeyU');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the page itself may not film the screen', async ({ page }) => {
  await open(page, 'talking');
  const refused = await page.evaluate(() =>
    navigator.mediaDevices.getDisplayMedia({ video: true }).then(
      () => 'given',
      (error: unknown) => (error as DOMException).name,
    ),
  );
  expect(refused).toBe('NotAllowedError');
});
