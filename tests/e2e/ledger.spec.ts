import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { becomeReady, finish, openDesk, talkToGold } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

test('a case has the fields of this business: filled in by keys while it is opened, corrected from its menu', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const desk = await talkToGold(browser, centre.desk.newUrl());
  const { page } = desk;
  const { keyboard } = page;
  await keyboard.press('Alt+Shift+KeyF');
  const form = page.getByRole('form', { name: 'Add a promise or callback' });
  await form.getByRole('radio', { name: 'Case' }).focus();
  await keyboard.press('Space');
  await form.getByRole('textbox', { name: 'What' }).focus();
  await keyboard.insertText('교체한 공유기도 끊김');
  await form.getByLabel('Area').focus();
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await expect(form.getByLabel('Area')).toHaveValue('장애');
  await form.getByRole('textbox', { name: 'What' }).focus();
  await keyboard.press('Enter');
  await expect(form).toHaveCount(0);
  const line = page.getByRole('listitem').filter({ hasText: /^교체한 공유기도 끊김/ });
  await expect(line).toContainText('Area: 장애');

  await line.getByRole('button', { name: /^Settle/ }).focus();
  await keyboard.press('Enter');
  await page.getByRole('dialog').getByLabel('Area').selectOption('기기');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).focus();
  await keyboard.press('Enter');
  await expect(line).toContainText('Area: 기기');

  // What the business promised of it, and that the clock stands still while the customer is waited for.
  await expect(line).toContainText(/Solution due/);
  await line.getByRole('button', { name: /^Settle/ }).focus();
  await keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Wait for the customer' }).focus();
  await keyboard.press('Enter');
  await expect(line).toContainText(/Waits for the customer, 1[56] h \d+ min of business left/);
  await expect(page.getByText(/All at the practice centre/)).toBeVisible();
  await finish(page);
  expect(desk.complaints).toEqual([]);
  await desk.context.close();
});

test('what is promised in a call is kept by whoever answers next: by keys alone, at another desk, also with the centre away', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const desk = await talkToGold(browser, centre.desk.newUrl());
  const { page } = desk;
  const { keyboard } = page;

  const what = '요금 확인 결과를 다시 안내';
  await keyboard.press('Alt+Shift+KeyF');
  await keyboard.insertText(what);
  await keyboard.press('Enter');
  await expect(page.getByRole('form', { name: 'Add a promise or callback' })).toHaveCount(0);
  await expect(page.getByRole('listitem').filter({ hasText: what })).toBeVisible();
  await keyboard.press('Alt+Shift+KeyL');
  const mine = page.getByRole('complementary', { name: 'Promises and tasks' }).getByRole('listitem');
  await expect(mine.filter({ hasText: what })).toContainText('Promise');
  await expect(page.getByText(/All at the practice centre/)).toBeVisible();
  await keyboard.press('Escape');

  const second = await centre.addDesk({ demoLogin: 'agent2' });
  const other = await openDesk(browser, second.url);
  await becomeReady(other);
  await other.page.keyboard.press('Alt+Shift+KeyL');
  const sheet = other.page.getByRole('complementary', { name: 'Promises and tasks' });
  await expect(sheet.getByRole('listitem').filter({ hasText: what })).toHaveCount(0);
  await sheet.getByText('Everyone’s').click();
  const theirs = sheet.getByRole('listitem').filter({ hasText: what });
  await expect(theirs).toBeVisible();
  await centre.stopCentral();
  await theirs.getByRole('button', { name: /^Settle/ }).focus();
  await other.page.keyboard.press('Enter');
  await other.page.getByRole('dialog').getByRole('button', { name: 'Kept', exact: true }).focus();
  await other.page.keyboard.press('Enter');
  await expect(theirs).toHaveCount(0);
  await centre.startCentralAgain();

  await expect(page.getByRole('listitem').filter({ hasText: what })).toHaveCount(0, { timeout: 60_000 });
  expect(desk.complaints.filter((line) => !line.includes('ERR_CONNECTION'))).toEqual([]);
  await other.context.close();
  await desk.context.close();
  await second.stop();
});
