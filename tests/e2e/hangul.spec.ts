import { type CDPSession, expect, type Locator, type Page, test } from '@playwright/test';
import { serveGallery } from './support/gallery.ts';

/**
 * Hangul as an input method composes it: each syllable grows letter by letter, Enter comes in the middle of a composition (the method
 * takes it, no field may), and the word is committed. 1,000 words over every kind of field: none loses or doubles a syllable.
 */
const { open } = serveGallery();

const WORDS = [
  '환불',
  '해지',
  '위약금',
  '요금제',
  '결합할인',
  '이사',
  '명의변경',
  '값싼',
  '닭볶음',
  '왜곡',
  '뷁',
  '안녕하세요',
];
const wordAt = (n: number) => `${WORDS[n % WORDS.length] ?? ''}${n % 7 === 0 ? '은' : ''}`;

/** A syllable as it grows: 환 is ㅎ, 호, 화, 환. */
function growing(syllable: string): string[] {
  const code = syllable.charCodeAt(0) - 0xac00;
  const [first, middle, last] = [Math.floor(code / 588), Math.floor((code % 588) / 28), code % 28];
  const lead = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'[first] ?? '';
  const open = String.fromCharCode(0xac00 + first * 588 + middle * 28);
  return last === 0 ? [lead, open] : [lead, open, syllable];
}

async function compose(input: CDPSession, word: string): Promise<void> {
  let done = '';
  for (const syllable of word) {
    for (const step of growing(syllable)) {
      const text = done + step;
      await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    }
    done += syllable;
  }
  // The Enter that ends a composition: 229, as Windows, macOS and Linux send it.
  const enter = { key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 } as const;
  await input.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
  await input.send('Input.insertText', { text: word });
  await input.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
}

interface Field {
  state: string;
  name: string;
  find: (page: Page) => Locator;
  /** What brings it. */
  key?: string;
  words: number;
  /** A short field is emptied after so many. */
  atOnce: number;
}

const FIELDS: readonly Field[] = [
  { state: 'talking', name: 'the note', find: (page) => page.locator('#note-field'), words: 300, atOnce: 300 },
  {
    ...{ state: 'mail-answer', name: 'the text of a letter', words: 200, atOnce: 200 },
    find: (page) => page.locator('#letter-text'),
  },
  {
    ...{ state: 'mail-answer', name: 'the subject of a letter', words: 100, atOnce: 20 },
    find: (page) => page.getByLabel('제목', { exact: true }),
  },
  {
    ...{ state: 'knowledge-suggested', name: 'the search of knowledge', words: 100, atOnce: 5 },
    find: (page) => page.locator('#knowledge-field'),
  },
  {
    ...{ state: 'talking', name: 'the search in the history', words: 100, atOnce: 5 },
    find: (page) => page.getByRole('textbox', { name: '이력에서 찾기' }),
  },
  {
    ...{ state: 'talking', name: 'the finder', key: 'Control+KeyK', words: 100, atOnce: 5 },
    find: (page) => page.locator('#finder-field'),
  },
  {
    ...{ state: 'follow-up-in-call', name: 'a promise', words: 100, atOnce: 20 },
    find: (page) => page.locator('[data-autofocus], form input[type="text"], form input:not([type])').first(),
  },
];

test('1,000 words in all', () => {
  expect(FIELDS.reduce((sum, { words }) => sum + words, 0)).toBe(1000);
});

for (const { state, name, find, key, words, atOnce } of FIELDS) {
  test(`${name}: ${words} composed words, each whole and once`, async ({ page }) => {
    test.setTimeout(180_000);
    await open(page, state);
    if (key) await page.keyboard.press(key);
    const field = find(page);
    await field.focus();
    await page.keyboard.press('Control+KeyA');
    await page.keyboard.press('Delete');
    const input = await page.context().newCDPSession(page);
    await page.evaluate(() => {
      window.addEventListener(
        'keydown',
        (event) => {
          const { composed = '0' } = document.body.dataset;
          if (event.code === 'Enter' && event.isComposing)
            document.body.dataset.composed = String(Number(composed) + 1);
        },
        true,
      );
    });
    let expected = '';
    for (let n = 0; n < words; n += 1) {
      await compose(input, wordAt(n));
      await page.keyboard.insertText(' ');
      expected += `${wordAt(n)} `;
      await expect(field).toBeFocused();
      if ((n + 1) % atOnce !== 0) continue;
      await expect(field).toHaveValue(expected);
      await page.keyboard.press('Control+KeyA');
      await page.keyboard.press('Delete');
      expected = '';
    }
    // Each Enter was there, in the middle of a composition.
    await expect(page.locator('body')).toHaveAttribute('data-composed', String(words));
  });
}
