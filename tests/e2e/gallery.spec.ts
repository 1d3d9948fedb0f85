import { expect, test } from '@playwright/test';
import { serveGallery, type Variant } from './support/gallery.ts';

/** The real screens over fixture data, under the real page policy: what an agent does with them. */
const { open } = serveGallery();
const EN: Variant = { lang: 'en', scheme: 'light' };

test.describe('what the PBX tells stands on the screen', () => {
  test('new messages in the mailbox, until they are heard', async ({ page }) => {
    await open(page, 'voicemail');
    await expect(page.getByRole('status').filter({ hasText: '음성 사서함 새 메시지 3건' })).toBeVisible();
    await page.evaluate(() => window.gallery?.line.tell({ voicemail: { newMessages: 0, oldMessages: 8 } }));
    await expect(page.getByText('음성 사서함')).toHaveCount(0);
  });

  test('what colleagues do, beside their names, as it changes', async ({ page }) => {
    await open(page, 'transfer');
    const colleague = (name: string) => page.getByRole('button', { name: new RegExp(name) });
    await expect(colleague('김하늘')).toContainText('대기 중');
    await expect(colleague('박도윤')).toContainText('통화 중');
    await expect(colleague('이서준')).toContainText('벨 울림');
    await page.evaluate(() => window.gallery?.line.tell({ presence: { 102: 'busy', 103: 'idle' } }));
    await expect(colleague('김하늘')).toContainText('통화 중');
    await expect(colleague('박도윤')).toContainText('대기 중');
  });

  test('that a supervisor changed the state of the agent, and to what', async ({ page }) => {
    await open(page, 'changed-by-supervisor');
    await expect(page.getByText('교환기(관리자)에서 휴식으로 바꿨습니다: 식사')).toBeVisible();
    await page.getByRole('button', { name: '확인', exact: true }).click();
    await expect(page.getByText('교환기(관리자)에서')).toHaveCount(0);
  });
});

test('a letter takes the sentences in the language of the customer first, and says which it took', async ({ page }) => {
  await open(page, 'mail-template');
  const template = page.getByRole('combobox', { name: '문구 넣기' });
  await expect(template.getByRole('option').nth(1)).toHaveText('요금 안내 (영어)');
  await expect(template.getByRole('option').last()).not.toContainText('영어');
  await template.selectOption({ label: '요금 안내 (영어)' });
  const letter = page.locator('#letter-text, textarea').filter({ hasText: 'We have gone through' });
  await expect(letter).toHaveCount(1);
  await expect(page.getByText('고객이 쓰는 영어 문구를 넣었습니다.')).toBeVisible();
  await template.selectOption({ label: '폭언 경고' });
  await expect(page.getByText('영어 문구가 없어 기본 문구를 넣었습니다.')).toBeVisible();
});

test('the check of the shift does not blame the headset for a microphone that is blocked', async ({ page }) => {
  await open(page, 'shift-check-bad');
  const sheet = page.getByRole('complementary', { name: '근무 전 점검' });
  await expect(sheet.getByText('마이크를 열지 못했습니다.')).toBeVisible();
  await expect(sheet.getByText('들려 드릴 소리가 없습니다.')).toBeVisible();
  await expect(sheet.getByText('음소거 스위치')).toHaveCount(0);
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
    expect(await focusAfter('KeyK', 'ctrlKey')).toBe('이름, 초성, 번호 뒷자리, 고객·문의 번호, 이메일');
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
    const seen = () => page.evaluate(() => (window as Window & { seen?: string[] }).seen?.toSorted() ?? []);
    for (const expected of [
      ['paint-a', 'paint-b'],
      ['paint-a', 'paint-a', 'paint-b', 'paint-b'],
    ]) {
      const callId = await page.evaluate(() => window.gallery?.line.ring() ?? '');
      await expect.poll(seen).toEqual(expected);
      await page.evaluate((id) => window.gallery?.line.end(id), callId);
      await page.waitForFunction(() => document.querySelector('[data-tone="ringing"]') === null);
    }
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

  test('the list beside the note belongs to that note: gone with it, and a locked desk names nobody in it', async ({
    page,
  }) => {
    await open(page, 'note-mention');
    const list = page.getByRole('listbox', { name: '상용구' });
    await expect(list.getByRole('option')).not.toHaveCount(0);
    await page.evaluate(async () => {
      const world = window.gallery;
      const second = world?.line.ring();
      if (second) world?.desk.calls.focus({ kind: 'call', callId: second });
    });
    await expect(page.locator('#note-field')).toHaveValue('');
    await expect(list).toHaveCount(0);

    await open(page, 'note-mention');
    await expect(list).toBeVisible();
    await page.evaluate(() => window.gallery?.become('locked'));
    await expect(page.getByLabel('비밀번호', { exact: true })).toBeVisible();
    await expect(page.getByText('공유기 교체품 배송 지연')).toHaveCount(0);
    await page.locator('#note-field').focus();
    await page.keyboard.insertText(' /본인');
    await page.keyboard.press('Enter');
    await expect(page.locator('#note-field')).toHaveValue(/\[고객명\] 본인 확인함/);
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

  test('of masked choices what is ticked is sent as added to what nobody saw', async ({ page }) => {
    await open(page, 'edit-masked-choices');
    const form = page.getByRole('dialog');
    await expect(form.getByText('고르면 지금 있는 것에 더해집니다', { exact: false })).toBeVisible();
    await form.getByRole('combobox').last().focus();
    await page.keyboard.type('캠');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await form.getByRole('button', { name: /^저장/ }).focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate(() => window.gallery?.host.state.corrected))
      .toMatchObject([{ changes: [{ field: 'custom.interests', value: ['캠핑'], was: [] }] }]);
  });

  test('what was filled into a form is shown for a reason, and hidden again when others see the screen', async ({
    page,
  }) => {
    await open(page, 'form-answer');
    const original = page.getByRole('article', { name: '받은 글' });
    const filled = original.getByLabel('양식 내용', { exact: true });
    await expect(filled).toContainText('***');
    await expect(filled).not.toContainText('기가 인터넷');
    await original.getByRole('button', { name: '양식 내용 마스킹 해제' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('설치 주소 확인');
    await page.keyboard.press('Enter');
    await expect(filled).toContainText('기가 인터넷, TV');
    await page.keyboard.press('Alt+Shift+KeyD');
    await expect(filled).not.toContainText('기가 인터넷');
    await page.keyboard.press('Alt+Shift+KeyD');
    await expect(filled).not.toContainText('기가 인터넷');
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
    await open(page, 'idle', EN);
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

  test('a peek at personal data says when it ends, and ends by itself then', async ({ page }) => {
    await page.clock.install({ time: START });
    await open(page, 'peek', EN);
    const name = page.locator('h1[data-customer]');
    const until = await page.evaluate(() => {
      const { panes } = window.gallery?.desk.customers.store.getState() ?? {};
      return Math.max(
        0,
        ...Object.values(panes ?? {}).map((pane) => ('unmaskedUntil' in pane && pane.unmaskedUntil) || 0),
      );
    });
    await page.clock.pauseAt(until - 1_500);
    await expect(page.getByText('Masks in 2 s')).toBeVisible();
    await expect(name).not.toHaveText(/\*/);
    await page.clock.runFor(1_500);
    await expect(name).toHaveText(/김\*수/);
    await expect(page.getByText(/Masks in/)).toHaveCount(0);
  });

  test('the wrap-up clock counts from the end of the call, and says when its time is over', async ({ page }) => {
    await page.clock.install({ time: START });
    await open(page, 'talking', EN);
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
