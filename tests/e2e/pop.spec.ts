import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { ringDesk } from '../fakes/practice-call.ts';
import {
  answer,
  becomeReady,
  customerNumber,
  type DeskPage,
  finish,
  noteField,
  openDesk,
} from './support/desk-page.ts';

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

test('several people on one number: a picker, and the pick is remembered', async () => {
  const { page } = desk;
  await ringDesk(centre.centralUrl, 'agent1', 'shared-number');
  await expect(page.getByRole('heading', { name: /2 customers have this number/ })).toBeVisible();
  await answer(page);
  await page
    .getByRole('button', { name: /This one/ })
    .first()
    .click();
  await expect(page.locator('h1[data-customer]')).toBeVisible();
  const chosen = await page.locator('h1[data-customer]').getAttribute('data-customer');
  await finish(page);
  await ringDesk(centre.centralUrl, 'agent1', 'shared-number');
  await expect(page.locator(`h1[data-customer="${chosen}"]`)).toBeVisible();
  await expect(page.getByText(/Chosen last time/)).toBeVisible();
  await answer(page);
  await finish(page);
});

test('nobody has the number: ask the centre, add the customer, and the next call pops', async () => {
  const { page } = desk;
  await ringDesk(centre.centralUrl, 'agent1', 'unknown-number');
  await expect(page.getByRole('heading', { name: 'An unknown number' })).toBeVisible();
  await answer(page);
  await page.getByRole('button', { name: 'Ask the centre' }).click();
  await expect(page.getByText('The centre does not know it either.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('한새로');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.locator('h1[data-customer]')).toHaveText(/한\*로/);
  await finish(page);
  await ringDesk(centre.centralUrl, 'agent1', 'unknown-number');
  await expect(page.locator('h1[data-customer]')).toHaveText(/한\*로/);
  await answer(page);
  await finish(page);
});

test('a withheld number: says so and lets the agent search', async () => {
  const { page } = desk;
  await ringDesk(centre.centralUrl, 'agent1', 'withheld');
  await expect(page.getByRole('heading', { name: 'Number withheld' })).toBeVisible();
  await answer(page);
  await finish(page);
});

test('a ring never takes the caret: what is typed goes on in the same place', async () => {
  const { page } = desk;
  await noteField(page).click();
  await page.keyboard.type('half a sen');
  await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  await expect(page.getByRole('button', { name: /^Answer/ })).toBeVisible();
  await expect(noteField(page)).toBeFocused();
  await page.keyboard.type('tence');
  await expect(noteField(page)).toHaveValue('half a sentence');
  await page.keyboard.press('Alt+KeyZ');
  await expect(page.getByRole('button', { name: /^Answer/ })).toHaveCount(0);
  await expect(noteField(page)).toHaveValue('half a sentence');
});

test('a second window is told, and takes the phone over openly', async ({ browser }) => {
  const second = await openDesk(browser, centre.desk.newUrl());
  await noteField(second.page).waitFor();
  await second.page.keyboard.press('Shift');
  await expect(second.page.getByText('Another window holds the phone of this login.')).toBeVisible();
  await second.page.getByRole('button', { name: 'Take calls here' }).click();
  await expect(second.page.getByText('Line connected')).toBeVisible();
  await expect(desk.page.getByText('Another window holds the phone of this login.')).toBeVisible();
  await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  await expect(second.page.getByRole('button', { name: /^Answer/ })).toBeVisible();
  await expect(desk.page.getByRole('button', { name: /^Answer/ })).toHaveCount(0);
  await expect(customerNumber(second.page, 'C-100001')).toBeVisible();
  await second.context.close();
});

// That it ends then: gallery.spec.ts, on a clock that need not be waited for.
test('personal data is masked; a peek needs a reason and says when it ends', async () => {
  const { page } = desk;
  await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');
  await answer(page);
  await expect(page.locator('h1[data-customer]')).toHaveText(/한\*우/);
  await page.keyboard.press('Alt+KeyU');
  await page.getByText('Verify identity', { exact: true }).click();
  await expect(page.locator('h1[data-customer]')).not.toHaveText(/\*/);
  await expect(page.getByText(/Masks in \d+ s/)).toBeVisible();
  await finish(page);
});
