import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { practiceCall, ringDesk } from '../fakes/practice-call.ts';
import { answer, becomeReady, customerNumber, finish, heardInPage, noteField, openDesk } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

test('the host is killed in a call: the audio goes on, and every character is there again', async ({ browser }) => {
  const desk = await openDesk(browser, centre.desk.newUrl());
  const { page } = desk;
  await becomeReady(desk);
  const callId = await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  await answer(page);
  await expect.poll(() => heardInPage(page), { timeout: 20_000 }).toBe(true);

  await noteField(page).click();
  await page.keyboard.type('before the kill, ');
  const pid = centre.desk.hostPid();
  process.kill(pid, 'SIGKILL');
  await page.keyboard.type('while it is gone, ');
  await expect.poll(() => ![0, pid].includes(centre.desk.hostPid())).toBe(true);
  await page.keyboard.type('after it is back');
  await expect(page.getByText(/Draft kept here/)).toBeVisible({ timeout: 10_000 });
  await expect(noteField(page)).toHaveValue('before the kill, while it is gone, after it is back');

  const before = (await practiceCall(centre.centralUrl, 'agent1', callId)).media?.packetsIn ?? 0;
  await expect
    .poll(async () => (await practiceCall(centre.centralUrl, 'agent1', callId)).media?.packetsIn ?? 0)
    .toBeGreaterThan(before);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('before the kill, while it is gone, after it is back')).toBeVisible();
  await expect(page.locator('[data-mark="centre"]').first()).toBeVisible();
  await finish(page);
  await desk.context.close();
});

test('the page is reloaded in a call: same call, same customer, same draft, and both are heard', async ({
  browser,
}) => {
  const desk = await openDesk(browser, centre.desk.newUrl());
  const { page } = desk;
  await becomeReady(desk);
  const callId = await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  await answer(page);
  await expect.poll(() => heardInPage(page), { timeout: 20_000 }).toBe(true);
  await noteField(page).click();
  await page.keyboard.type('written before the reload');
  await expect(page.getByText(/Draft kept here/)).toBeVisible();

  await page.reload();
  await expect(page.locator('section[data-tone="talking"]')).toBeVisible();
  await expect(customerNumber(page, 'C-100001')).toBeVisible();
  await expect(noteField(page)).toHaveValue('written before the reload');
  await expect.poll(() => heardInPage(page), { timeout: 20_000 }).toBe(true);
  const before = (await practiceCall(centre.centralUrl, 'agent1', callId)).media?.packetsIn ?? 0;
  await expect
    .poll(async () => (await practiceCall(centre.centralUrl, 'agent1', callId)).media?.packetsIn ?? 0)
    .toBeGreaterThan(before);
  await finish(page);
  expect((await practiceCall(centre.centralUrl, 'agent1', callId)).endedBy).toBe('desk');
  await desk.context.close();
});

test('the window is closed in a call: the host lets the caller go', async ({ browser }) => {
  const desk = await openDesk(browser, centre.desk.newUrl());
  await becomeReady(desk);
  const callId = await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  await answer(desk.page);
  await expect.poll(() => heardInPage(desk.page), { timeout: 20_000 }).toBe(true);
  await desk.context.close();
  const ended = async () => (await practiceCall(centre.centralUrl, 'agent1', callId)).endedBy;
  // By a BYE, not because the PBX noticed the silence.
  await expect.poll(ended, { timeout: 20_000 }).toBe('desk');
  // The work of that call waits for whoever opens the desk again.
  const again = await openDesk(browser, centre.desk.newUrl());
  await becomeReady(again);
  await finish(again.page);
  await again.context.close();
});

test('the centre is gone: calls and notes go on, and everything arrives when it is back', async ({ browser }) => {
  test.setTimeout(120_000);
  const desk = await openDesk(browser, centre.desk.newUrl());
  const { page } = desk;
  await becomeReady(desk);
  await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  await answer(page);
  await centre.stopCentral();
  await noteField(page).click();
  const words = `written while the centre was away ${Date.now().toString(36)}`;
  await page.keyboard.insertText(words);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(words)).toBeVisible();
  await expect(page.locator('[data-mark="here"]').first()).toBeVisible();
  await expect(page.getByText(/Centre away/)).toBeVisible({ timeout: 20_000 });

  await centre.startCentralAgain();
  await expect(page.locator('[data-mark="centre"]').first()).toBeVisible({ timeout: 45_000 });
  await expect(page.locator('[data-mark="here"]')).toHaveCount(0);
  await finish(page);
  await desk.context.close();
});
