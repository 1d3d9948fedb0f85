import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { talkToGold } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

test('a note that writes itself: text blocks, a case, the summary of the call, by keys alone', async ({ browser }) => {
  test.setTimeout(120_000);
  const desk = await talkToGold(browser, centre.desk.newUrl());
  const { page } = desk;
  const { keyboard } = page;
  const note = page.locator('#note-field');
  const list = page.getByRole('listbox', { name: 'Text blocks' });
  // What they own comes late in a first load, and is filled in.
  await expect(page.getByText(/^(until|since) /).first()).toBeVisible({ timeout: 30_000 });
  await note.focus();

  await keyboard.type('/');
  await expect(list.getByRole('option')).toHaveCount(8);
  await keyboard.type('charges');
  await expect(list.getByRole('option')).toHaveCount(1);
  await keyboard.press('Enter');
  await expect(note).toHaveValue(/^.+ 이번 달 청구 금액과 산출 내역 안내함\.$/);
  await expect(list).toHaveCount(0);
  await keyboard.press('Control+KeyZ');
  await expect(note).toHaveValue('/charges');
  await keyboard.press('Control+KeyY');
  await expect(note).toHaveValue(/안내함\.$/);

  // What the agent must say themselves stands selected: typing replaces it.
  await keyboard.type('\n/cancellation');
  await keyboard.press('Enter');
  await keyboard.type('moved abroad');
  await expect(note).toHaveValue(/사유: moved abroad\. 제안: \[제안 내용\]/);

  await keyboard.press('Control+End');
  await keyboard.type(' /');
  await keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await expect(note).toHaveValue(/ \/$/);
  await expect(note).toBeFocused();
  await keyboard.press('Backspace');

  const input = await page.context().newCDPSession(page);
  await keyboard.type('/');
  await input.send('Input.imeSetComposition', { text: '기사', selectionStart: 2, selectionEnd: 2 });
  await expect(list.getByRole('option')).toHaveCount(1);
  await input.send('Input.insertText', { text: '기사' });
  await keyboard.press('Enter');
  await expect(note).toHaveValue(/장애로 기사 방문 예약/);

  await page.keyboard.press('Alt+Shift+KeyF');
  await keyboard.insertText('요금표를 보내드림');
  await keyboard.press('Enter');
  await expect(page.getByRole('listitem').filter({ hasText: '요금표를 보내드림' })).toBeVisible();
  await note.focus();
  await keyboard.press('Control+End');
  await keyboard.type('\n/summary');
  await keyboard.press('Enter');
  await expect(note).toHaveValue(/\nPromise: 요금표를 보내드림 \(by .+\)$/);

  await keyboard.press('Alt+KeyX');
  await keyboard.press('Alt+KeyW');
  await keyboard.press('Digit4');
  const chip = page.getByRole('button', { name: 'Complaint, in order' });
  await chip.focus();
  await keyboard.press('Enter');
  await expect(note).toHaveValue(/\n경위: \[경위\]/);
  await expect(note).toBeFocused();
  await keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Open the last caller again/ }).focus();
  await keyboard.press('Enter');
  await expect(page.getByText(/사유: moved abroad[\s\S]*Promise: 요금표를 보내드림 \(by [\s\S]*경위: /)).toBeVisible();
  expect(desk.complaints).toEqual([]);
  await desk.context.close();
});
