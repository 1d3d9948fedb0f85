import { expect, type Page, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import {
  answer,
  becomeReady,
  customerNumber,
  type DeskPage,
  finish,
  heardInPage,
  noteField,
  openDesk,
  practise,
} from './support/desk-page.ts';

/** A whole shift without a mouse: every practice call is started at the desk itself. */
let centre: CallCentre;
let desk: DeskPage;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());
test.beforeEach(async ({ browser }) => {
  desk = await openDesk(browser, centre.desk.newUrl());
  await becomeReady(desk);
});
test.afterEach(async () => {
  expect(desk.complaints).toEqual([]);
  await desk.context.close();
});

/** Goes on with Tab until the control of this name has the focus, which must be seen at each step. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const named = page.locator(':focus').and(page.getByRole('button', { name }).or(page.getByRole('textbox', { name })));
  for (let step = 0; step < 12 && (await named.count()) === 0; step += 1) {
    await page.keyboard.press(key);
    expect(await page.evaluate(() => document.activeElement?.matches(':focus-visible'))).toBe(true);
  }
  await expect(named).toHaveCount(1);
}

/** Leads to the search of the screen on which nobody is known yet. */
async function findHere(page: Page): Promise<void> {
  await page.keyboard.press('Control+KeyK');
  await expect(page.getByRole('textbox', { name: 'Name, last digits, customer number' })).toBeFocused();
}

test('one match: the gold customer is chosen from the list of practice calls, rings and pops', async () => {
  const { page } = desk;
  await practise(page, 'Gold customer');
  await expect(page.getByRole('button', { name: /^Answer/ })).toBeVisible();
  await expect(customerNumber(page, 'C-100001')).toBeVisible();
  await expect(page.getByText('Choose a scenario', { exact: false })).toHaveCount(0);
  await answer(page);
  await finish(page);
});

test('a practice call is also started with Tab and Enter', async () => {
  const { page } = desk;
  await page.keyboard.press('Alt+KeyP');
  await expect(page.getByRole('listitem').filter({ hasText: 'Gold customer' }).getByRole('button')).toBeEnabled();
  await tabTo(page, /^Ring me/);
  await page.keyboard.press('Enter');
  await expect(customerNumber(page, 'C-100001')).toBeVisible();
  await answer(page);
  await finish(page);
});

test('the happy call: the number stands in the dial strip, passes the gate and is called', async () => {
  const { page } = desk;
  await practise(page, 'Happy call');
  await expect(page.getByRole('textbox', { name: 'Phone number' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'Phone number' })).toHaveValue('01000005005');
  expect(desk.invited).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Mute/ }).waitFor();
  expect(desk.invited).toEqual(['+821000005005']);
  await expect.poll(() => heardInPage(page), { timeout: 20_000 }).toBe(true);
  await finish(page);
});

test('several matches: digits choose the customer, and in the outcomes the outcome', async () => {
  const { page } = desk;
  await practise(page, 'Two people');
  await expect(page.getByRole('heading', { name: /2 customers have this number/ })).toBeVisible();
  await answer(page);
  await expect(page.getByRole('button', { name: /This one/ })).toHaveText([/1$/, /2$/]);
  const second = page.getByRole('listitem').filter({ has: page.locator('[data-choice="2"]') });
  const name = (await second.locator('strong').textContent()) ?? '';
  await page.keyboard.press('2');
  await expect(page.locator('h1[data-customer]')).toHaveText(name);
  await page.keyboard.press('Alt+KeyW');
  await page.keyboard.press('2');
  await expect(page.locator('#wrap-up-row').getByRole('radio', { checked: true })).toHaveText(/^2/);
  await finish(page);
});

test('no match: the centre is asked and the customer written down', async () => {
  const { page } = desk;
  await practise(page, 'A number that nobody knows');
  await expect(page.getByRole('heading', { name: 'An unknown number' })).toBeVisible();
  await answer(page);
  await findHere(page);
  await tabTo(page, /^Ask the centre/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The centre does not know it either.')).toBeVisible();
  await findHere(page);
  await tabTo(page, /^Name$/);
  await page.keyboard.insertText('한새로');
  await page.keyboard.press('Enter');
  await expect(page.locator('h1[data-customer]')).toHaveText(/한\*로/);
  await finish(page);
});

test('a withheld number: the customer is found by key, and the note stands at that customer', async () => {
  const { page } = desk;
  await practise(page, 'Withheld number');
  await expect(page.getByRole('heading', { name: 'Number withheld' })).toBeVisible();
  await answer(page);
  await findHere(page);
  await page.keyboard.insertText('C-100001');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /This one/ }).first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(customerNumber(page, 'C-100001')).toBeVisible();
  const words = `발신번호 표시 제한으로 전화하심 ${Date.now().toString(36)}`;
  await page.keyboard.press('Alt+KeyN');
  await expect(noteField(page)).toBeFocused();
  await page.keyboard.insertText(words);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(words)).toBeVisible();
  await finish(page);

  await page.keyboard.press('Control+KeyK');
  await expect(page.getByPlaceholder('Name, last digits, customer number')).toBeFocused();
  await page.keyboard.insertText('C-100001');
  await page.locator('[data-candidate]').first().waitFor();
  await page.keyboard.press('Enter');
  await expect(customerNumber(page, 'C-100001')).toBeVisible();
  await expect(page.getByText(words)).toBeVisible();
});

test('the line is down: the list of practice calls says what is wrong and rings nobody', async ({ browser }) => {
  const other = await browser.newContext({ locale: 'en-US', timezoneId: 'Asia/Seoul' });
  const page = await other.newPage();
  // The PBX as it looks from a desk that cannot reach it.
  await page.routeWebSocket(/\/ws$/, (socket) => socket.close());
  await page.goto(centre.desk.newUrl());
  await noteField(page).waitFor();
  await page.keyboard.press('Shift');
  await page.getByRole('button', { name: 'Take calls here' }).or(page.getByText('PBX not reachable')).first().waitFor();
  await desk.page.close();
  await page.reload();
  await noteField(page).waitFor();
  await page.keyboard.press('Shift');
  await page.keyboard.press('Alt+KeyP');
  const sheet = page.getByRole('complementary', { name: 'Practice calls' });
  await expect(sheet.getByRole('status')).toHaveText(/trying again.*You can start once the line is connected\./);
  await expect(sheet.getByRole('button', { name: /^Ring me/ }).first()).toBeDisabled();
  await page.keyboard.press('1');
  await expect(sheet).toBeVisible();
  await other.close();
});

test('sign-out and sign-in', async () => {
  const { page } = desk;
  await expect(page.getByText(/All at the practice centre/)).toBeVisible();
  await page.keyboard.press('Control+KeyK');
  await page.keyboard.insertText('Sign out');
  await expect(page.getByRole('option', { name: 'Sign out' }).or(page.getByText('Sign out')).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Login' })).toBeFocused();
  await page.getByRole('region', { name: 'Start at once as a practice agent' }).waitFor();
  await tabTo(page, /Agent$/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Line connected')).toBeVisible();
});
