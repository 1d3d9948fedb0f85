import { expect, type Page, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { ringDesk } from '../fakes/practice-call.ts';
import { answer, becomeReady, customerNumber, type DeskPage, noteField, openDesk } from './support/desk-page.ts';

let centre: CallCentre;
let one: DeskPage;
let two: DeskPage;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 60 });
  const second = await centre.addDesk({ demoLogin: 'agent2' });
  one = await openDesk(browser, centre.desk.newUrl());
  two = await openDesk(browser, second.url);
  await becomeReady(one);
  await becomeReady(two);
});
test.afterAll(async () => {
  await one?.context.close();
  await two?.context.close();
  await centre?.stop();
});

/** A customer on the line of the first desk, and a note that has begun. */
async function talking(note: string): Promise<void> {
  await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  await expect(customerNumber(one.page, 'C-100001')).toBeVisible();
  await answer(one.page);
  await noteField(one.page).click();
  await one.page.keyboard.insertText(note);
  await expect(one.page.getByText(/Draft kept here/)).toBeVisible();
}

/** The colleague, as the strip lists them. */
async function openStrip(page: Page): Promise<void> {
  await page.keyboard.press('Alt+KeyG');
  await expect(page.getByRole('textbox', { name: 'Colleague or number' })).toBeFocused();
}

async function wrapUp(page: Page): Promise<void> {
  await page.keyboard.press('Alt+KeyW');
  await page.keyboard.press('3');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Ready for the next call')).toBeVisible();
}

test('by keys alone: a colleague is asked, sees customer and note before answering, and takes the customer over', async () => {
  test.setTimeout(90_000);
  await talking('환불 확인 중, 내일 회신 약속');
  await openStrip(one.page);
  await one.page.keyboard.insertText('agent2');
  await one.page.keyboard.press('Enter');
  await expect(one.page.getByText('On hold · the customer is waiting')).toBeVisible();

  await expect(two.page.getByText('환불 확인 중, 내일 회신 약속')).toBeVisible();
  await expect(customerNumber(two.page, 'C-100001')).toBeVisible();
  await answer(two.page);
  await expect(one.page.getByRole('button', { name: /^Connect and leave/ })).toBeVisible();
  // The first desk's screen is still the customer's, with the note under the caret's hand.
  await expect(noteField(one.page)).toHaveValue('환불 확인 중, 내일 회신 약속');

  await one.page.keyboard.press('Alt+KeyG');
  await expect(one.page.getByText('Transferred · wrap-up')).toBeVisible();
  await wrapUp(one.page);
  await expect(two.page.getByRole('button', { name: /^Hang up/ })).toBeVisible();
  await two.page.keyboard.press('Alt+KeyX');
  await expect(two.page.getByText('Call ended · wrap-up')).toBeVisible();
  await wrapUp(two.page);
  expect([...one.complaints, ...two.complaints]).toEqual([]);
});

test('a colleague who is let go: the customer is back, nobody was lost', async () => {
  await talking('질문 하나만');
  await openStrip(one.page);
  await one.page.keyboard.insertText('600');
  await one.page.keyboard.press('Enter');
  await expect(one.page.getByRole('button', { name: /^Cancel, back to the customer/ })).toBeVisible();
  await one.page.keyboard.press('Alt+KeyX');
  await expect(one.page.getByText('On call', { exact: true }).first()).toBeVisible();
  await expect(one.page.getByRole('button', { name: /^Hold/ })).toBeVisible();
});

test('handed over at once to somebody who is busy: says so, and the customer is still there', async () => {
  await openStrip(one.page);
  await one.page.keyboard.insertText('601');
  await one.page.getByRole('button', { name: 'Transfer now' }).click();
  await expect(one.page.getByText('Not transferred (busy) · still with you')).toBeVisible();
  await expect(one.page.getByRole('button', { name: /^Hang up/ })).toBeVisible();
});

test('three together, and apart again', async () => {
  await openStrip(one.page);
  await one.page.keyboard.insertText('600');
  await one.page.keyboard.press('Enter');
  await expect(one.page.getByRole('button', { name: /^Conference/ })).toBeVisible();
  await one.page.keyboard.press('Alt+KeyJ');
  await expect(one.page.getByText('Conference').first()).toBeVisible();
  await expect(one.page.getByRole('button', { name: /^Split conference/ })).toBeVisible();
  await one.page.keyboard.press('Alt+KeyJ');
  await expect(one.page.getByRole('button', { name: /^Conference/ })).toBeVisible();
});
