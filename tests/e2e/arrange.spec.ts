import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { becomeReady, customerNumber, openDesk } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

const WORDS = {
  'en-US': {
    up: 'Move Open cases up',
    fold: 'Fold: Products',
    reset: 'Back to the default order',
    cases: 'Open cases',
  },
  'ko-KR': {
    up: '처리 중인 문의 위로',
    fold: '접기: 이용 상품',
    reset: '기본 배치로 되돌리기',
    cases: '처리 중인 문의',
  },
} as const;

for (const locale of ['en-US', 'ko-KR'] as const) {
  const words = WORDS[locale];
  test(`the blocks of facts are moved and folded by keys alone, and stay so (${locale})`, async ({ browser }) => {
    test.setTimeout(120_000);
    const desk = await openDesk(browser, centre.desk.newUrl(), { locale });
    const { page } = desk;
    const { keyboard } = page;
    await becomeReady(desk);
    const look = async () => {
      await keyboard.press('Control+KeyK');
      await keyboard.insertText('C-1000020');
      await page.locator('[data-candidate]').filter({ hasText: 'C-1000020' }).first().waitFor();
      await keyboard.press('Enter');
      await expect(customerNumber(page, 'C-1000020')).toBeVisible();
    };
    await look();
    await keyboard.press('Alt+Comma');
    const up = page.getByRole('button', { name: words.up });
    await up.focus();
    await keyboard.press('Enter');
    await expect(up).toBeFocused();
    await page.getByRole('button', { name: words.fold }).focus();
    await keyboard.press('Space');
    await keyboard.press('Escape');
    const first = page.locator('aside section').first();
    const folded = page.locator('aside button[aria-expanded="false"]').first();
    await expect(first).toHaveAttribute('aria-label', words.cases);
    await expect(folded).toBeVisible();
    await folded.focus();
    await keyboard.press('Enter');

    // Another page of this desk has it so.
    await page.reload();
    await becomeReady(desk);
    await look();
    await expect(first).toHaveAttribute('aria-label', words.cases);

    await keyboard.press('Alt+Comma');
    await page.getByRole('button', { name: words.reset }).focus();
    await keyboard.press('Enter');
    await keyboard.press('Escape');
    await expect(first).not.toHaveAttribute('aria-label', words.cases);
    await desk.context.close();
  });
}
