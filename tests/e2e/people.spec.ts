import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { becomeReady, customerNumber, lookUp, openDesk } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

const WORDS = {
  'en-US': { one: 'C-1000020', other: 'C-1000021', add: 'Add a relation', who: 'Who', employer: /their company/ },
  'ko-KR': { one: 'C-1000030', other: 'C-1000031', add: '관계 추가', who: '누구', employer: /다니는 회사/ },
} as const;
const BACK = { 'en-US': /works for them/, 'ko-KR': /직원/ } as const;
const REMOVE = { 'en-US': 'Remove the relation', 'ko-KR': '관계 해제' } as const;

for (const locale of ['en-US', 'ko-KR'] as const) {
  const words = WORDS[locale];
  test(`somebody is put around a customer, opened, left again and taken away by keys alone (${locale})`, async ({
    browser,
  }) => {
    test.setTimeout(120_000);
    const desk = await openDesk(browser, centre.desk.newUrl(), { locale });
    const { page } = desk;
    const { keyboard } = page;
    await becomeReady(desk);
    await lookUp(page, words.one);
    const around = page.locator('#people-around');
    const add = around.getByRole('button', { name: words.add });
    await expect(add).toBeVisible();

    await keyboard.press('Alt+Shift+KeyP');
    await expect(around.locator('button:focus')).toHaveCount(1);
    await add.focus();
    await keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: words.add });
    const role = form.getByRole('combobox');
    await role.focus();
    for (let n = 0; n < 3; n += 1) await keyboard.press('ArrowDown');
    await expect(role).toHaveValue('employer');
    await form.getByLabel(words.who).focus();
    await keyboard.insertText(words.other);
    const found = form.getByRole('listitem').filter({ hasText: words.other });
    await expect(found).toBeVisible();
    await keyboard.press('Tab');
    await expect(found.getByRole('button')).toBeFocused();
    await keyboard.press('Enter');
    await expect(form).toHaveCount(0);
    const line = around.getByRole('listitem').filter({ hasText: words.other });
    await expect(line).toContainText(words.employer);

    // One key there, and back.
    await line.getByRole('button').first().focus();
    await keyboard.press('Enter');
    await expect(customerNumber(page, words.other)).toBeVisible();
    const mirrored = around.getByRole('listitem').filter({ hasText: words.one });
    await expect(mirrored).toContainText(BACK[locale]);
    await keyboard.press('Alt+KeyB');
    await expect(line).toBeVisible();

    await line.getByRole('button').last().focus();
    await keyboard.press('Enter');
    await page.getByRole('button', { name: REMOVE[locale] }).focus();
    await keyboard.press('Enter');
    await expect(line).toHaveCount(0);
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });
}
