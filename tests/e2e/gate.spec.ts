import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { z } from 'zod';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { answer, becomeReady, type DeskPage, finish, openDesk, practise } from './support/desk-page.ts';

/** Who is called and who is not, by what goes over the phone's own wire. */
let centre: CallCentre;
let desk: DeskPage;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 60 });
});
test.afterAll(() => centre?.stop());
test.beforeEach(async ({ browser }) => {
  desk = await openDesk(browser, centre.desk.newUrl());
  await becomeReady(desk);
});
test.afterEach(() => desk.context.close());

async function dial(page: Page, number: string): Promise<void> {
  await page.keyboard.press('Alt+KeyT');
  await expect(page.getByRole('textbox', { name: 'Phone number' })).toBeFocused();
  await page.keyboard.insertText(number);
  await page.keyboard.press('Enter');
}

/** The PBX lets nothing leave the machine: the call ends, and is wrapped up as every other. */
async function wrapUp(page: Page): Promise<void> {
  await expect(page.getByText(/^(Not connected|Declined|No answer|Busy) · wrap-up$/)).toBeVisible();
  await page.keyboard.press('Alt+KeyW');
  await page.keyboard.press('1');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Ready for the next call')).toBeVisible();
}

/** What the centre has of the overrides at its desks. */
async function overrides(): Promise<string[]> {
  const token = readFileSync(join(centre.dataFolder, 'central', 'admin-token'), 'utf8').trim();
  const response = await fetch(`${centre.centralUrl}/v1/admin/access-log`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { items } = z
    .object({ items: z.array(z.object({ action: z.string(), context: z.string().nullable() })) })
    .parse(await response.json());
  return items.flatMap(({ action, context }) => (action === 'dial_override' ? [context ?? ''] : []));
}

test('a premium number is refused in words and never called; nor is a customer handed to one', async () => {
  const { page } = desk;
  await dial(page, '060-700-1234');
  await expect(page.getByRole('form').getByRole('alert')).toContainText('This is a premium-rate number.');
  await expect(page.getByRole('form').getByRole('alert')).toContainText('This call cannot be placed.');
  await page.keyboard.press('Escape');
  await practise(page, 'Gold customer');
  await answer(page);
  await page.keyboard.press('Alt+KeyG');
  await expect(page.getByRole('textbox', { name: 'Colleague or number' })).toBeFocused();
  await page.keyboard.insertText('060-700-1234');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('form').getByRole('alert')).toContainText('This is a premium-rate number.');
  await page.keyboard.press('Escape');
  await finish(page);
  expect(desk.invited).toEqual([]);
});

/** Where it is day now: hours of the law are never overridden, whenever this test runs. */
function whereItIsDay(): { typed: string; target: string } {
  const hour = new Date().getUTCHours();
  if (hour < 9) return { typed: '010-0000-9876', target: '+821000009876' };
  return hour < 19
    ? { typed: '+44 7700 900123', target: '+447700900123' }
    : { typed: '+1 415 555 0123', target: '+14155550123' };
}

/** Dials an unknown number for marketing, by keys, and waits for the gate's word. */
async function offer(page: Page, number: string): Promise<void> {
  await page.keyboard.press('Alt+KeyT');
  await page.keyboard.insertText(number);
  // The purpose stands beside the field.
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Marketing' })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('form').getByRole('alert')).toContainText(
    'The customer has not agreed to marketing calls.',
  );
}

test('an agent without the right is told who has it, and nobody is called', async () => {
  const { page } = desk;
  await offer(page, whereItIsDay().typed);
  await expect(page.getByRole('form').getByRole('alert')).toContainText(
    'Only a supervisor may pass this with a reason.',
  );
  await expect(page.getByRole('textbox', { name: 'What the customer asked for' })).toHaveCount(0);
  expect(desk.invited).toEqual([]);
});

test('a supervisor’s override with a reason calls once, and the centre has the reason', async ({ browser }) => {
  const supervisor = await centre.addDesk({ demoLogin: 'super1' });
  const other = await openDesk(browser, supervisor.newUrl());
  const { page } = other;
  await becomeReady(other);
  const { typed, target } = whereItIsDay();
  await offer(page, typed);
  expect(other.invited).toEqual([]);
  const reason = page.getByRole('textbox', { name: 'What the customer asked for' });
  for (let step = 0; step < 6 && !(await reason.evaluate((field) => field.matches(':focus'))); step += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.insertText('asked for the offer by mail');
  await page.keyboard.press('Enter');
  await wrapUp(page);
  expect(other.invited).toEqual([target]);
  await expect.poll(overrides, { timeout: 30_000 }).toEqual([expect.stringContaining('asked for the offer by mail')]);
  await other.context.close();
});

test('119 is called once', async () => {
  await dial(desk.page, '119');
  await wrapUp(desk.page);
  expect(desk.invited).toEqual(['119']);
});

test('119 is called while the host is gone and cannot open, and the host has the call when it is back', async () => {
  const { page } = desk;
  const key = join(centre.desk.dataFolder, 'data-key');
  renameSync(key, `${key}.away`);
  const pid = centre.desk.hostPid();
  process.kill(pid, 'SIGKILL');
  try {
    await expect(
      page.getByText('The key of this desk', { exact: false }).or(page.getByText('The desk program is restarting')),
    ).toBeVisible();
    await dial(page, '010-0000-1234');
    await expect(page.getByRole('form').getByRole('alert')).toBeVisible();
    await page.keyboard.press('Escape');
    await dial(page, '119');
    await expect.poll(() => desk.invited).toEqual(['119']);
  } finally {
    renameSync(`${key}.away`, key);
  }
  await expect(page.getByText('The desk program is restarting')).toHaveCount(0, { timeout: 30_000 });
  await wrapUp(page);
  await page.keyboard.press('Alt+KeyT');
  await expect(page.getByRole('list', { name: 'Recent calls' }).getByRole('button').first()).toContainText('119');
});
