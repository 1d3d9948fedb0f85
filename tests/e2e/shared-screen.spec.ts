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
