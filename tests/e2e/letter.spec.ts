import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { becomeReady, customerNumber, type DeskPage, openDesk } from './support/desk-page.ts';

const NUMBER = 'L-1000777';
let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
  const token = readFileSync(join(centre.dataFolder, 'central', 'admin-token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const person = { customerNumber: NUMBER, name: '한편지', phones: ['010-0000-7101'], email: 'letters@example.com' };
  const body = JSON.stringify({ customers: [person] });
  const answer = await fetch(`${centre.centralUrl}/v1/admin/customers`, { method: 'POST', headers, body });
  expect(answer.status, await answer.text()).toBe(200);
});
test.afterAll(() => centre?.stop());

/** The customer's screen with a new letter beside it, by keys alone. */
async function beginLetter({ page }: DeskPage) {
  const { keyboard } = page;
  await keyboard.press('Control+KeyK');
  await keyboard.insertText(NUMBER);
  await page.locator('[data-candidate]').filter({ hasText: NUMBER }).first().waitFor();
  await keyboard.press('Enter');
  await customerNumber(page, NUMBER).waitFor();
  await keyboard.press('Alt+Shift+KeyR');
  const letter = page.getByRole('region', { name: 'Write an answer' });
  await letter.getByLabel('Subject').focus();
  return letter;
}

test('knowledge is put into a letter by one key, also while the centre is away, and counts like in a note', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const desk = await openDesk(browser, centre.desk.newUrl());
  await becomeReady(desk);
  const { keyboard } = desk.page;
  const letter = await beginLetter(desk);
  await centre.stopCentral();
  await keyboard.insertText('환불');
  const text = letter.getByLabel('Text', { exact: true });
  await text.focus();
  await keyboard.insertText('안녕하세요. 환불 안내드립니다. ');
  const fitting = letter.getByRole('listbox').getByRole('option').filter({ hasText: '환불은 언제 들어오나요' });
  await expect(fitting).toContainText('in the letter');

  await keyboard.press('Alt+Shift+KeyK');
  await expect(letter.getByRole('combobox', { name: 'Find knowledge' })).toBeFocused();
  await keyboard.insertText('ㅎㅂㅇ');
  await expect(letter.getByRole('listbox').getByRole('option')).toHaveCount(1);
  await keyboard.press('Alt+Shift+KeyI');
  await expect(text).toBeFocused();
  // What the customer will read: the answer, without the numbers of the house.
  await expect(text).toHaveValue(/^안녕하세요\. 환불 안내드립니다\. 카드 결제는 취소 접수 후/);
  await keyboard.press('Alt+Shift+KeyU');
  await expect(letter.getByText('Marked as helpful.')).toBeVisible();
  await keyboard.press('Alt+Shift+KeyU');
  await expect(letter.getByText('Already marked as helpful for this letter.')).toBeVisible();
  await keyboard.press('Alt+Shift+KeyK');
  await keyboard.press('Enter');
  await expect(letter.getByText(/cited 1 · helped 1$/)).toBeVisible();
  await centre.startCentralAgain();
  await desk.context.close();
});

test('a letter that is sent while the host is gone is sent once, and its draft does not come back', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const desk = await openDesk(browser, centre.desk.newUrl());
  await becomeReady(desk);
  const { page } = desk;
  const { keyboard } = page;
  const letter = await beginLetter(desk);
  await keyboard.press('Control+KeyA');
  await keyboard.insertText('Confirmed');
  await letter.getByLabel('Text', { exact: true }).focus();
  await keyboard.press('Control+KeyA');
  await keyboard.insertText('It is confirmed.');

  process.kill(centre.desk.hostPid(), 'SIGKILL');
  await keyboard.press('Control+Enter');
  await expect(letter).toHaveCount(0, { timeout: 30_000 });
  const lines = page.getByRole('listitem').filter({ hasText: 'It is confirmed.' });
  await expect(lines).toContainText('Sent', { timeout: 30_000 });
  await expect(lines).toHaveCount(1);

  await keyboard.press('Alt+Shift+KeyR');
  await expect(letter.getByLabel('Text', { exact: true })).toHaveValue('');
  await page.reload();
  await becomeReady(desk);
  await beginLetter(desk);
  await expect(letter.getByLabel('Text', { exact: true })).toHaveValue('');
  await desk.context.close();
});
