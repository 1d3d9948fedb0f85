import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { STATES } from '../gallery/states.ts';
import { serveGallery, type Variant } from './support/gallery.ts';

/** The real screens over fixture data, under the real page policy: looked at by a machine in every state. */
const gallery = serveGallery();

/** What the page complains of from now on: errors, and what its own policy forbade. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

/** What does not fit: the page itself, or a control that is cut off or lies outside the window. */
function misfits(): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth || root.scrollHeight > window.innerHeight) found.push('the page scrolls');
  const note = document.getElementById('note-field')?.getBoundingClientRect();
  if (note && (note.bottom > window.innerHeight || note.height < 40)) found.push('the note is outside');
  for (const element of document.querySelectorAll('button, [elementtiming]')) {
    const { left, right, width } = element.getBoundingClientRect();
    if (width > 0 && (left < 0 || right > window.innerWidth + 1)) found.push(`outside: ${element.textContent}`);
  }
  for (const bar of document.querySelectorAll('section[data-tone]')) {
    const { top, bottom } = bar.getBoundingClientRect();
    for (const element of bar.querySelectorAll('span, strong, button')) {
      const box = element.getBoundingClientRect();
      if (box.height > 0 && (box.top < top - 1 || box.bottom > bottom + 1))
        found.push(`higher than its bar: ${element.textContent}`);
    }
  }
  return found;
}

/** What colours and words can break by themselves: contrast, names that are empty in one language, the language that is told. */
const COLOURS_AND_WORDS = [
  ...['color-contrast', 'link-in-text-block', 'html-has-lang', 'html-lang-valid', 'valid-lang', 'document-title'],
  ...[
    'button-name',
    'link-name',
    'label',
    'select-name',
    'input-button-name',
    'image-alt',
    'role-img-alt',
    'svg-img-alt',
  ],
  ...['aria-command-name', 'aria-input-field-name', 'aria-toggle-field-name', 'aria-dialog-name', 'aria-meter-name'],
];

/** Rules of WCAG that are broken for somebody. The page has no frames: axe need not open a second page to look into them. */
async function barriers(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 140)}`));
}

test.describe('in every state', () => {
  const PARTS = [0, 1, 2, 3, 4, 5, 6, 7];
  for (const lang of ['ko', 'en'] as const) {
    // Every rule once, in Korean and light; what colours and words can break by themselves again, in English and dark.
    const read: Variant['scheme'] = lang === 'ko' ? 'light' : 'dark';
    const rules = lang === 'ko' ? undefined : COLOURS_AND_WORDS;
    for (const part of PARTS) {
      const states = Object.keys(STATES).filter((_, index) => index % PARTS.length === part);
      test(`${lang}, light and dark, part ${part + 1}: fits 1280x800, breaks no rule of the page, no serious barrier`, async ({
        page,
      }, info) => {
        test.setTimeout(240_000);
        const complaints = listen(page);
        const found: Record<string, string[]> = {};
        for (const state of states) {
          await gallery.open(page, state, { lang, scheme: 'light' });
          for (const scheme of ['light', 'dark'] as const) {
            // The same page in other colours: only the first look needs a page of its own.
            if (scheme === 'dark') await page.evaluate(() => window.gallery?.wear('dark'));
            await page.screenshot({ path: info.outputPath(`${state}-${lang}-${scheme}.png`) });
            const problems = [
              ...complaints.splice(0),
              ...(await page.evaluate(misfits)),
              ...(scheme === read ? await barriers(page, rules) : []),
            ];
            if (problems.length > 0) found[`${state} ${scheme}`] = problems;
          }
        }
        expect(found).toEqual({});
      });
    }
  }

  test('beside another window, at 1024 wide, the call keys and the note stay whole', async ({ page }) => {
    await page.setViewportSize({ width: 1024, height: 760 });
    for (const state of ['ringing', 'talking', 'second-call', 'wrap-up', 'dial-refused']) {
      for (const lang of ['ko', 'en'] as const) {
        await gallery.open(page, state, { lang, scheme: 'light' });
        expect([state, lang, await page.evaluate(misfits)]).toEqual([state, lang, []]);
      }
    }
  });

  test('Hangul is drawn, on a machine without any font that has it', async ({ page }) => {
    await gallery.open(page, 'talking');
    const drawn = await page.evaluate(() =>
      ['가', '뷁', '힣', '김'].map((letter) => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 40;
        const context = canvas.getContext('2d');
        if (!context) return '';
        context.font = '32px "Pretendard Variable"';
        context.fillText(letter, 2, 32);
        return canvas.toDataURL();
      }),
    );
    expect(new Set(drawn).size).toBe(4);
  });
});
