import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { answer, becomeReady, openDesk, practise } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

test('an article is found, read, cited and judged by keys alone, and the supervisor sees the counts', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const desk = await openDesk(browser, centre.desk.newUrl());
  const { page } = desk;
  const { keyboard } = page;
  await becomeReady(desk);
  await practise(page, 'Gold customer');
  await answer(page);
  await page.getByText('C-100001', { exact: true }).first().waitFor();
  const note = page.locator('#note-field');
  await note.focus();
  await keyboard.insertText('해지 문의. ');

  await keyboard.press('Alt+Shift+KeyK');
  const field = page.getByRole('combobox', { name: 'Find knowledge' });
  await expect(field).toBeFocused();
  const options = page.getByRole('listbox').getByRole('option');
  await expect(options.first()).toContainText('Because: “해지” in the note');

  await keyboard.insertText('ㅎㅂㅇ');
  await expect(options).toHaveCount(1);
  await expect(options.first()).toContainText('환불은 언제 들어오나요');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '환불은 언제 들어오나요' })).toBeFocused();
  await expect(page.getByRole('cell', { name: '신용카드' })).toBeVisible();

  await keyboard.press('Alt+Shift+KeyI');
  await expect(note).toBeFocused();
  await expect(note).toHaveValue(/^해지 문의\. Article K-\d+ v1 “환불은 언제 들어오나요” 카드 결제는 취소 접수 후/);
  await keyboard.insertText(' 그대로 안내함.');
  await expect(note).toHaveValue(/들어갑니다\. 그대로 안내함\.$/);
  await keyboard.press('Alt+Shift+KeyU');
  await expect(page.getByText('Marked as helpful.')).toBeVisible();
  await keyboard.press('Alt+Shift+KeyU');
  await expect(page.getByText('Already marked as helpful in this call.')).toBeVisible();
  await expect(page.getByText(/cited 1 · helped 1$/)).toBeVisible();
  // The agent has no way to write: neither a key nor a command.
  await keyboard.press('Alt+Shift+KeyW');
  await expect(page.getByRole('complementary', { name: 'Write knowledge' })).toHaveCount(0);
  await keyboard.press('Alt+Shift+KeyK');
  await keyboard.press('Escape');
  await expect(field).toBeFocused();
  await keyboard.press('Escape');
  await expect(field).toHaveCount(0);

  const lead = await openDesk(browser, (await centre.addDesk({ demoLogin: 'super1' })).newUrl());
  await becomeReady(lead);
  await lead.page.keyboard.press('Alt+Shift+KeyW');
  const line = lead.page.getByRole('listitem').filter({ hasText: '환불은 언제 들어오나요' });
  await expect(line).toContainText('cited 1 · helped 1');

  // She corrects it: a version of its own, in the agent's list without anybody asking.
  const { keyboard: keys } = lead.page;
  await line.getByRole('button').focus();
  await keys.press('Enter');
  const title = lead.page.getByRole('textbox', { name: 'Title' });
  await expect(title).toBeFocused();
  await keys.press('End');
  await keys.insertText(' (카드)');
  await lead.page.getByRole('button', { name: 'Save and publish' }).focus();
  await keys.press('Enter');
  await expect(lead.page.getByText('Version 2 is published.')).toBeVisible();
  await lead.page.getByRole('button', { name: 'Look' }).last().focus();
  await keys.press('Enter');
  await expect(lead.page.locator('ins')).toHaveText('(카드)');
  await page.keyboard.press('Alt+Shift+KeyK');
  await keyboard.insertText('ㅎㅂㅇ ㅋㄷ');
  await expect(options.first()).toContainText('환불은 언제 들어오나요 (카드)');
  await keyboard.press('Alt+Shift+KeyI');
  await expect(note).toHaveValue(/K-\d+ v2 “환불은 언제 들어오나요 \(카드\)”/);

  // What she writes and never saves is there again after a reload.
  await lead.page.getByRole('button', { name: 'Back to the list' }).click();
  await lead.page.getByRole('button', { name: 'New article' }).click();
  await title.focus();
  await keys.insertText('저장하지 않은 문서');
  await lead.page.reload();
  await becomeReady(lead);
  await keys.press('Alt+Shift+KeyW');
  await lead.page.getByRole('button', { name: /저장하지 않은 문서/ }).click();
  await expect(title).toHaveValue('저장하지 않은 문서');
  expect([...desk.complaints, ...lead.complaints]).toEqual([]);
});
