import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { STATES } from '../gallery/states.ts';

/** The real screens over fixture data, under the real page policy: looked at by a machine in every state. */
const VARIANTS = [
  { lang: 'ko', scheme: 'light' },
  { lang: 'ko', scheme: 'dark' },
  { lang: 'en', scheme: 'light' },
  { lang: 'en', scheme: 'dark' },
] as const;
const CONFIG = 'tests/gallery/vite.config.ts';

let server: PreviewServer;
let address = '';

test.beforeAll(async () => {
  test.setTimeout(120_000);
  await build({ configFile: CONFIG, logLevel: 'error' });
  server = await preview({ configFile: CONFIG, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  address = server.resolvedUrls?.local[0] ?? '';
});
test.afterAll(() => server?.close());

/** What the page complains of from now on: errors, and what its own policy forbade. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

async function open(page: Page, state: string, variant: (typeof VARIANTS)[number] = VARIANTS[0]): Promise<void> {
  await page.goto(`${address}?state=${state}&lang=${variant.lang}&scheme=${variant.scheme}`);
  await page.locator('body[data-gallery="ready"]').waitFor();
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
  return found;
}

/** Rules of WCAG that are broken for somebody, by state. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 140)}`));
}

test.describe('in every state', () => {
  for (const variant of VARIANTS) {
    // The rules for reading depend on colours and words: once light and Korean, once dark and English.
    const read = variant === VARIANTS[0] || variant === VARIANTS[3];
    for (const part of [0, 1, 2, 3]) {
      const states = Object.keys(STATES).filter((_, index) => index % 4 === part);
      test(`${variant.lang} ${variant.scheme}, part ${part + 1}: fits 1280x800, breaks no rule of the page, no serious barrier`, async ({
        page,
      }, info) => {
        test.setTimeout(240_000);
        const complaints = listen(page);
        const found: Record<string, string[]> = {};
        for (const state of states) {
          await open(page, state, variant);
          await page.screenshot({ path: info.outputPath(`${state}-${variant.lang}-${variant.scheme}.png`) });
          const problems = [
            ...complaints.splice(0),
            ...(await page.evaluate(misfits)),
            ...(read ? await barriers(page) : []),
          ];
          if (problems.length > 0) found[state] = problems;
        }
        expect(found).toEqual({});
      });
    }
  }

  test('beside another window, at 1024 wide, the call keys and the note stay whole', async ({ page }) => {
    await page.setViewportSize({ width: 1024, height: 760 });
    for (const state of ['ringing', 'talking', 'second-call', 'wrap-up', 'dial-refused']) {
      for (const variant of [VARIANTS[0], VARIANTS[2]]) {
        await open(page, state, variant);
        expect([state, variant.lang, await page.evaluate(misfits)]).toEqual([state, variant.lang, []]);
      }
    }
  });

  test('Hangul is drawn, on a machine without any font that has it', async ({ page }) => {
    await open(page, 'talking');
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

test.describe('a polite pop', () => {
  test('a second call takes neither the focus nor the caret, nor a syllable that is being composed', async ({
    page,
  }) => {
    await open(page, 'talking');
    const note = page.locator('#note-field');
    await note.click();
    await page.keyboard.press('Control+End');
    const input = await page.context().newCDPSession(page);
    await input.send('Input.imeSetComposition', { text: '한', selectionStart: 1, selectionEnd: 1 });
    await page.evaluate(() => window.gallery?.line.ring({ queue: 'billing' }));
    await expect(page.getByRole('button', { name: '받기' })).toBeVisible();
    await expect(note).toBeFocused();
    await input.send('Input.imeSetComposition', { text: '한국', selectionStart: 2, selectionEnd: 2 });
    await input.send('Input.insertText', { text: '한국' });
    await page.keyboard.insertText('어');
    await expect(note).toHaveValue('환불 진행 상황 문의.한국어');
  });

  test('a syllable ends in its own note, also when another piece of work comes on screen before it is finished', async ({
    page,
  }) => {
    await open(page, 'talking');
    const note = page.locator('#note-field');
    await note.click();
    await page.keyboard.press('Control+End');
    const input = await page.context().newCDPSession(page);
    await input.send('Input.imeSetComposition', { text: '한', selectionStart: 1, selectionEnd: 1 });
    const callId = await page.evaluate(() => {
      const { desk } = window.gallery ?? {};
      const { focus } = desk?.calls.store.getState() ?? {};
      desk?.calls.focus({ kind: 'idle' });
      return focus?.kind === 'call' ? focus.callId : '';
    });
    await input.send('Input.insertText', { text: '한' });
    await expect(note).toHaveValue('');
    await page.keyboard.insertText('쉬는 중');
    await page.evaluate((id) => window.gallery?.desk.calls.focus({ kind: 'call', callId: id }), callId);
    await expect(note).toHaveValue('환불 진행 상황 문의.한');
  });

  test('whoever types on after a chord writes where it led: the field has the focus before the next key', async ({
    page,
  }) => {
    await open(page, 'talking');
    const note = page.locator('#note-field');
    await note.click();
    const focusAfter = (code: string, modifier: 'ctrlKey' | 'altKey') =>
      page.evaluate(
        ([key, mod]) => {
          const chord = new KeyboardEvent('keydown', { code: key, [mod]: true, bubbles: true, cancelable: true });
          document.activeElement?.dispatchEvent(chord);
          const now = document.activeElement;
          return now?.getAttribute('placeholder') ?? now?.textContent ?? '';
        },
        [code, modifier] as const,
      );
    expect(await focusAfter('KeyK', 'ctrlKey')).toBe('이름, 초성, 번호 뒷자리, 고객 번호');
    await page.keyboard.type('뒷');
    await page.keyboard.press('Escape');
    await expect(note).toBeFocused();
    expect(await focusAfter('KeyT', 'altKey')).toBe('전화번호를 입력하세요');
    await page.keyboard.press('Escape');
    await note.click();
    expect(await focusAfter('KeyK', 'altKey')).toBe('1');
    await page.keyboard.press('Escape');
    await expect(note).toHaveValue('환불 진행 상황 문의.');
  });

  test('no chord acts inside a composition; after it, it does', async ({ page }) => {
    await open(page, 'ringing');
    await page.locator('#note-field').click();
    const input = await page.context().newCDPSession(page);
    await input.send('Input.imeSetComposition', { text: '하', selectionStart: 1, selectionEnd: 1 });
    await page.evaluate(() =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { code: 'KeyA', altKey: true, isComposing: true, bubbles: true }),
      ),
    );
    await expect(page.getByRole('button', { name: '받기' })).toBeVisible();
    await input.send('Input.insertText', { text: '하' });
    await page.keyboard.press('Alt+KeyA');
    await expect(page.getByRole('button', { name: '끊기' })).toBeVisible();
  });

  test('both paints of a pop are presented and can be measured, each on an element of its own call', async ({
    page,
  }) => {
    await open(page, 'idle');
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          seen.push((entry as PerformanceEntry & { identifier: string }).identifier);
      }).observe({ type: 'element', buffered: true });
    });
    for (const expected of [1, 2]) {
      await page.evaluate(() => {
        const callId = window.gallery?.line.ring();
        setTimeout(() => callId && window.gallery?.line.end(callId), 400);
      });
      await expect
        .poll(() => page.evaluate(() => (window as Window & { seen?: string[] }).seen))
        .toEqual(expect.arrayContaining(Array.from({ length: expected }, () => 'paint-a')));
      await page.waitForFunction(() => document.querySelector('[data-tone="ringing"]') === null);
    }
    const seen = () => page.evaluate(() => (window as Window & { seen?: string[] }).seen?.toSorted() ?? []);
    await expect.poll(seen).toEqual(['paint-a', 'paint-a', 'paint-b', 'paint-b']);
  });
});

test.describe('a desk that was locked', () => {
  test('is not its last agent’s for ever: somebody else signs in, the work of the first is kept', async ({ page }) => {
    await open(page, 'locked');
    await expect(page.getByLabel('아이디')).toHaveValue('seoyeon');
    await page.getByRole('button', { name: '다른 상담사로 로그인' }).click();
    await expect(page.getByLabel('아이디')).toHaveValue('');
    await page.getByLabel('아이디').fill('jimin');
    await page.getByLabel('비밀번호', { exact: true }).fill('right-password');
    await page.getByRole('button', { name: '로그인', exact: true }).click();
    await expect(page.getByRole('heading', { name: '전화를 기다리고 있습니다' })).toBeVisible();
    expect(await page.evaluate(() => window.gallery?.host.state.heard)).toContain('session.signOut');
  });

  test('in a call: its controls and the note stay, the customer is hidden, and the agent signs in beside it', async ({
    page,
  }) => {
    await open(page, 'talking');
    await page.locator('#note-field').click();
    await page.keyboard.press('Control+End');
    await expect(page.getByText('김*수').first()).toBeVisible();
    await page.evaluate(() => window.gallery?.become('locked'));
    await expect(page.getByLabel('비밀번호', { exact: true })).toBeVisible();
    await expect(page.getByText('김*수')).toHaveCount(0);
    await expect(page.locator('#note-field')).toBeFocused();
    await page.keyboard.insertText(' 잠긴 뒤에도 씁니다');
    await page.keyboard.press('Control+KeyK');
    await page.keyboard.press('Alt+KeyQ');
    await expect(page.getByRole('complementary')).toHaveCount(0);
    await page.keyboard.press('Alt+KeyM');
    await expect(page.getByRole('button', { name: /음소거/ })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.locator('#note-field')).toHaveValue(/잠긴 뒤에도 씁니다$/);

    await page.getByLabel('비밀번호', { exact: true }).fill('right-password');
    await page.keyboard.press('Enter');
    await expect(page.getByText('김*수').first()).toBeVisible();
    await expect(page.locator('#note-field')).toHaveValue(/잠긴 뒤에도 씁니다$/);
    await expect(page.getByRole('button', { name: /^끊기/ })).toBeVisible();
  });

  test('the end of the call leaves the sign-in alone on screen', async ({ page }) => {
    await open(page, 'locked-in-call');
    await page.keyboard.press('Alt+KeyX');
    await expect(page.locator('#note-field')).toHaveCount(0);
    await expect(page.getByRole('button', { name: '다른 상담사로 로그인' })).toBeVisible();
  });
});

test.describe('by keyboard alone', () => {
  test('a whole call: answer, note, hang up, outcome, done', async ({ page }) => {
    await open(page, 'ringing');
    await page.keyboard.press('Alt+KeyA');
    await page.keyboard.press('Alt+KeyN');
    await page.keyboard.insertText('배송 문의, 해결');
    await page.keyboard.press('Alt+KeyX');
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await expect(page.getByRole('radio', { name: '해결' })).toBeChecked();
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('heading', { name: '전화를 기다리고 있습니다' })).toBeVisible();
    const kept = await page.evaluate(() =>
      [...(window.gallery?.host.state.notes.values() ?? [])].map((note) => note.text),
    );
    expect(kept).toEqual(['배송 문의, 해결']);
  });

  test('a digit typed into the note is text, not an outcome', async ({ page }) => {
    await open(page, 'talking');
    await page.locator('#note-field').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('1');
    await expect(page.locator('#note-field')).toHaveValue(/1$/);
    await expect(page.getByRole('radio', { name: '해결' })).not.toBeChecked();
  });

  test('the sync panel, trying the centre, the other value of a contested field, and held-back work', async ({
    page,
  }) => {
    const heard = () => page.evaluate(() => window.gallery?.host.state.heard);
    await open(page, 'idle');
    await page.keyboard.press('Alt+KeyI');
    const sheet = page.getByRole('complementary', { name: '센터 연결 상태' });
    await expect(sheet.getByText('보낼 내용이 없습니다.')).toBeVisible();
    await page.keyboard.press('Alt+KeyV');
    await expect.poll(heard).toContain('sync.tryNow');
    await page.keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);

    await open(page, 'contested');
    await page.keyboard.press('Alt+Shift+KeyO');
    await expect.poll(heard).toContain('customer.settle');

    await open(page, 'attention');
    const held = page.getByRole('complementary', { name: '확인 필요' });
    await held.getByRole('button', { name: '그대로 두기' }).focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate(() => window.gallery?.host.state.decisions))
      .toMatchObject([{ decision: 'keep' }]);
    await held.getByRole('button', { name: '버리기', exact: true }).first().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('중복');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate(() => window.gallery?.host.state.decisions.map(({ decision }) => decision)))
      .toEqual(['keep', 'discard']);
  });

  test('F5 in a call does not reload', async ({ page }) => {
    await open(page, 'talking');
    await page.evaluate(() => Object.assign(window, { stillHere: true }));
    await page.keyboard.press('F5');
    expect(await page.evaluate(() => 'stillHere' in window)).toBe(true);
  });
});

test.describe('clocks, on a clock that the test sets', () => {
  const START = new Date('2026-11-23T10:00:00+09:00');

  test('the call timer counts from the ring, and from the answer on', async ({ page }) => {
    await page.clock.install({ time: START });
    await open(page, 'idle', VARIANTS[2]);
    const at = await page.evaluate(() => Date.now());
    await page.clock.pauseAt(at + 60_000);
    const callId = await page.evaluate(() => window.gallery?.line.ring() ?? '');
    const timer = page.getByRole('timer', { name: 'Call time' });
    await expect(timer).toHaveText('00:00');
    await page.clock.runFor(7_000);
    await expect(timer).toHaveText('00:07');
    await page.evaluate((id) => window.gallery?.line.talk(id), callId);
    await page.clock.runFor(5_000);
    await expect(timer).toHaveText('00:05');
    await page.clock.runFor(3_600_000);
    await expect(timer).toHaveText('1:00:05');
  });

  test('the wrap-up clock counts from the end of the call, and says when its time is over', async ({ page }) => {
    await page.clock.install({ time: START });
    await open(page, 'talking', VARIANTS[2]);
    const at = await page.evaluate(() => Date.now());
    await page.clock.pauseAt(at + 60_000);
    await page.evaluate(() => {
      const { desk, line } = window.gallery ?? {};
      for (const { callId } of desk?.calls.store.getState().calls ?? []) line?.end(callId);
    });
    const timer = page.getByRole('timer').filter({ hasText: 'Wrap-up' });
    await expect(timer).toHaveText('Wrap-up 00:00 / 01:00');
    await page.clock.runFor(25_000);
    await expect(timer).toHaveText('Wrap-up 00:25 / 01:00');
    await page.clock.runFor(35_000);
    await expect(timer).toHaveText('Wrap-up 01:00 / 01:00');
    await page.clock.runFor(1_000);
    await expect(timer).toHaveText('Wrap-up overtime 01:01 / 01:00');
  });
});
