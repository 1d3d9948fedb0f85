import { expect, type Page, test } from '@playwright/test';
import { serveGallery } from './support/gallery.ts';

/** The strips from which somebody is called, in the real page over a host that answers as it is told. */
const gallery = serveGallery();

const open = (page: Page, state: string, lang: 'ko' | 'en' = 'en') =>
  gallery.open(page, state, { lang, scheme: 'light' });

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

test.describe('while the agent writes down a caller whom nobody knows', () => {
  test('the centre knows them: field, syllable and focus stay; a key shows who was found', async ({ page }) => {
    await open(page, 'unknown');
    await page.evaluate(() => {
      const { host, desk } = window.gallery ?? {};
      const [view] = host?.state.views.values() ?? [];
      const [call] = desk?.calls.store.getState().calls ?? [];
      if (!host || !desk || !view || !call) throw new Error('no caller');
      host.state.asked = { match: 'one', view, remembered: false, others: [] };
      const answer = new Promise<void>((resolve) => Object.assign(window, { centreAnswers: resolve }));
      host.state.held.set('customer.askCentre', answer);
      void desk.customers.askCentre(`call:${call.callId}`, { ...call, number: call.caller.number });
    });
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.focus();
    const input = await page.context().newCDPSession(page);
    await page.keyboard.insertText('홍');
    await input.send('Input.imeSetComposition', { text: '기', selectionStart: 1, selectionEnd: 1 });
    await page.evaluate(() => (window as unknown as { centreAnswers: () => void }).centreAnswers());
    const offer = page.getByRole('status').filter({ hasText: 'While you were typing' });
    await expect(offer).toBeVisible();
    await expect(name).toBeFocused();
    await input.send('Input.imeSetComposition', { text: '길', selectionStart: 1, selectionEnd: 1 });
    await input.send('Input.insertText', { text: '길' });
    // A digit goes into the field: it is no disposition.
    await page.keyboard.type('1');
    await expect(name).toHaveValue('홍길1');
    await page.keyboard.press('Alt+Shift+KeyS');
    await expect(name).toBeHidden();
    await expect(offer).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('김');
  });
});

test('a search that failed says so: nobody is written down a second time for it', async ({ page }) => {
  await open(page, 'unknown');
  await page.evaluate(() => {
    window.gallery?.host.state.failing.set('customer.search', { code: 'DISK_FULL', next: 'free-disk-space' });
  });
  await page.locator('#find-here').fill('홍길동');
  await page.keyboard.press('Enter');
  const place = page.getByRole('region', { name: 'Find an existing customer' });
  await expect(place.getByRole('alert')).toContainText('The disk is full');
  await expect(place).not.toContainText('Nobody found');
  await page.evaluate(() => window.gallery?.host.state.failing.clear());
  await page.keyboard.press('Enter');
  await expect(place.getByRole('alert')).toBeHidden();
});

test.describe('signing out', () => {
  const signOut = async (page: Page) => {
    await page.locator('[data-place="agent-menu"]').click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  };

  test('says why it did not happen', async ({ page }) => {
    await open(page, 'idle');
    await page.evaluate(() => {
      window.gallery?.host.state.failing.set('session.signOut', { code: 'DISK_FULL', next: 'free-disk-space' });
    });
    await signOut(page);
    await expect(page.getByRole('menu').getByRole('alert')).toContainText('The disk is full');
    // Nothing that was typed is at stake: nothing is offered to be let go.
    await expect(page.getByRole('menuitem', { name: 'lose the note' })).toHaveCount(0);
  });

  test('with a note that could not be stored: only letting it go signs out', async ({ page }) => {
    await open(page, 'idle');
    await page.evaluate(() => {
      const { host, desk } = window.gallery ?? {};
      host?.state.failing.set('note.draft', { code: 'DISK_FULL', next: 'free-disk-space' });
      desk?.notes.open('loose', { callId: null, customerId: null });
      desk?.notes.type('loose', 'on no disk');
    });
    await signOut(page);
    await expect(page.getByRole('menu').getByRole('alert')).toContainText('The disk is full');
    await page.getByRole('menuitem', { name: 'lose the note' }).click();
    await expect(page.getByLabel('Password', { exact: true })).toBeVisible();
  });

  test('says how much is not at the centre yet', async ({ page }) => {
    await open(page, 'idle');
    await page.evaluate(() => {
      const data = { operations: 3, drafts: 1 };
      window.gallery?.host.state.failing.set('session.signOut', {
        code: 'UNSENT_WORK',
        next: 'review-attention',
        data,
      });
    });
    await signOut(page);
    const keep = page.getByRole('menuitem', { name: 'Keep' });
    await expect(keep).toContainText('entries 3, unsaved notes 1');
  });
});
