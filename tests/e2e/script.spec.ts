import { expect, type Page, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { ringDesk } from '../fakes/practice-call.ts';
import { answer, becomeReady, customerNumber, finish, noteField, openDesk } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

const sheet = (page: Page) => page.getByRole('complementary', { name: 'Script' });
const said = (page: Page) => sheet(page).locator('[aria-live] p').first();

/** Begins the happy call from the list, by keys. */
async function beginHappyCall(page: Page): Promise<void> {
  await page.keyboard.press('Alt+Shift+KeyJ');
  const title = sheet(page).getByRole('button', { name: /^\d? ?(해피콜|Happy call)/ });
  await expect(title).toBeVisible();
  await title.focus();
  await page.keyboard.press('Enter');
  await expect(said(page)).toContainText('단골텔레콤 상담사 박지민입니다');
}

test('a happy call is gone through by keys alone, over a reload and a host that dies, and stands in the history', async ({
  browser,
}) => {
  test.setTimeout(150_000);
  const desk = await openDesk(browser, centre.desk.newUrl());
  const { page } = desk;
  const { keyboard } = page;
  await becomeReady(desk);
  await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  await answer(page);
  await customerNumber(page, 'C-100001').waitFor();
  await beginHappyCall(page);

  await keyboard.press('Enter');
  await expect(said(page)).toContainText('녹음되고 있습니다');
  await keyboard.press('Enter');
  await expect(sheet(page).getByRole('alert')).toContainText('tick it');
  await keyboard.press('1');
  await keyboard.press('Enter');
  await expect(said(page)).toContainText('통화 가능하실까요');
  await keyboard.press('1');
  await keyboard.press('Enter');
  await expect(said(page)).toContainText('1년간 보관');
  await keyboard.press('1');
  await keyboard.press('Enter');
  await expect(said(page)).toContainText('매우 만족은 5점');

  // What is typed in the note is the note's: no digit of it answers.
  await noteField(page).click();
  await keyboard.type('2 번 요청');
  await expect(sheet(page).getByRole('radio', { checked: true })).toHaveCount(0);
  await keyboard.press('Alt+Shift+KeyJ');
  await keyboard.press('2');
  await expect(sheet(page).getByRole('radio', { checked: true })).toHaveText('2');
  await keyboard.press('Enter');
  await expect(said(page)).toContainText('가장 불편하셨습니까');

  await page.reload();
  await customerNumber(page, 'C-100001').waitFor();
  await keyboard.press('Alt+Shift+KeyJ');
  await expect(said(page)).toContainText('가장 불편하셨습니까');
  // Back with its answer, and the other way.
  await keyboard.press('Backspace');
  await expect(sheet(page).getByRole('radio', { checked: true })).toHaveText('2');
  await keyboard.press('5');
  await keyboard.press('Enter');
  await expect(said(page)).toContainText('추천하실 의향');

  const pid = centre.desk.hostPid();
  process.kill(pid, 'SIGKILL');
  await keyboard.press('1');
  await keyboard.press('0');
  await expect(sheet(page).getByRole('radio', { checked: true })).toHaveText('10');
  await keyboard.press('Enter');
  const field = sheet(page).getByRole('textbox');
  await expect(field).toBeFocused();
  await keyboard.insertText('상담이 빨라서 좋아요');
  await expect.poll(() => ![0, pid].includes(centre.desk.hostPid())).toBe(true);
  await keyboard.press('Enter');
  await expect(said(page)).toContainText('바라시는 점');
  await keyboard.press('Enter');
  await expect(said(page)).toContainText('좋은 하루 보내십시오');
  await keyboard.press('Enter');
  await expect(sheet(page).getByRole('status')).toContainText('is recorded');
  await expect(sheet(page).getByRole('status')).toContainText('Proposed result');
  await expect(page.locator('#wrap-up-row').getByRole('radio', { checked: true })).toContainText('Resolved');
  await keyboard.press('Escape');
  await finish(page);

  // In the history of the customer, with what was said; for another desk as well.
  const lead = await openDesk(browser, (await centre.addDesk({ demoLogin: 'super1' })).newUrl());
  await becomeReady(lead);
  await lead.page.keyboard.press('Control+KeyK');
  await lead.page.keyboard.insertText('C-100001');
  await lead.page.locator('[data-candidate]').first().waitFor();
  await lead.page.keyboard.press('Enter');
  const look = lead.page.getByRole('button', { name: /^Script: / });
  await expect(look.first()).toBeVisible({ timeout: 20_000 });
  await look.first().focus();
  await lead.page.keyboard.press('Enter');
  await expect(sheet(lead.page)).toContainText('상담이 빨라서 좋아요');
  await expect(sheet(lead.page)).toContainText('Read out');
  await expect(sheet(lead.page).locator('[data-counted="false"]')).toHaveCount(0);
  // Of the first desk the page says that its host was gone.
  expect(lead.complaints).toEqual([]);
});
