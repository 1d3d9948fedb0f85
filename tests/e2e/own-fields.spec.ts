import { expect, type Page, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { becomeReady, customerNumber, openDesk } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

const WORDS = {
  'en-US': { number: 'C-1000020', field: 'Interests', golf: 'Golf', cooking: 'Cooking', typed: 'golf', save: /^Save/ },
  'ko-KR': { number: 'C-1000030', field: '관심사', golf: '골프', cooking: '요리', typed: 'ㄱㅍ', save: /^저장/ },
} as const;

async function look(page: Page, number: string): Promise<void> {
  await page.keyboard.press('Control+KeyK');
  await page.keyboard.insertText(number);
  await page.locator('[data-candidate]').filter({ hasText: number }).first().waitFor();
  await page.keyboard.press('Enter');
  await expect(customerNumber(page, number)).toBeVisible();
}

/** Ticks a choice that is not ticked yet. */
async function choose(page: Page, part: string, name: string): Promise<void> {
  await page.keyboard.insertText(part);
  await expect(page.getByRole('listbox').getByRole('option')).toHaveText([name]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

for (const locale of ['en-US', 'ko-KR'] as const) {
  const { number, field, golf, cooking, typed, save } = WORDS[locale];
  test(`several choices are written, shown, searched and listed by keys alone (${locale})`, async ({ browser }) => {
    test.setTimeout(120_000);
    const desk = await openDesk(browser, centre.desk.newUrl(), { locale });
    const { page } = desk;
    const { keyboard } = page;
    await becomeReady(desk);
    await look(page, number);

    await keyboard.press('Alt+Shift+KeyE');
    const form = page.getByRole('dialog');
    const interests = form.getByRole('combobox', { name: field });
    for (let step = 0; step < 20 && !(await interests.evaluate((it) => it === document.activeElement)); step += 1) {
      await keyboard.press('Tab');
    }
    await expect(interests).toBeFocused();
    // Whatever this sample customer likes, Backspace takes away.
    for (let n = 0; n < 10; n += 1) await keyboard.press('Backspace');
    await choose(page, golf.slice(0, 2), golf);
    await choose(page, cooking.slice(0, 2), cooking);
    // Once for the list, and the form is still there.
    await keyboard.press('Escape');
    await expect(form).toBeVisible();
    await form.getByRole('button', { name: save }).focus();
    await keyboard.press('Enter');
    const fact = page.getByRole('listitem').filter({ hasText: field });
    await expect(fact).toContainText(`${golf}, ${cooking}`);

    await keyboard.press('Control+KeyK');
    await keyboard.insertText(typed);
    await expect(
      page
        .locator('[data-candidate]')
        .filter({ hasText: `${field}: ${golf}` })
        .first(),
    ).toBeVisible();
    await keyboard.press('Tab');
    const status = page.getByRole('status').filter({ hasText: /\d+(명| found)$/ });
    await expect(status).toBeVisible();
    const golfers = Number.parseInt((await status.textContent()) ?? '', 10);
    expect(golfers).toBeGreaterThan(1);
    await keyboard.insertText(cooking);
    await page.locator('[data-narrow]').first().waitFor();
    await keyboard.press('Tab');
    await expect.poll(async () => Number.parseInt((await status.textContent()) ?? '', 10)).toBeLessThan(golfers);
    // Backspace in the empty field gives the last condition back.
    await keyboard.press('Backspace');
    await expect(status).toContainText(String(golfers));
    await keyboard.insertText(number);
    await expect(page.locator('[data-candidate]')).toHaveCount(1);
    await keyboard.press('Enter');
    await expect(customerNumber(page, number)).toBeVisible();
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });
}
