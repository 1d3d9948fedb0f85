import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { practiceCall, ringDesk } from '../fakes/practice-call.ts';
import { answer, becomeReady, customerNumber, heardInPage, noteField, openDesk } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

test.describe('one call, from the ring to the centre', () => {
  test('the desk is not Ready before a key was pressed, and says so', async ({ browser }) => {
    const desk = await openDesk(browser, centre.desk.newUrl());
    await expect(desk.page.getByText('Press any key', { exact: false })).toBeVisible();
    await expect(desk.page.getByText('Line connected')).toHaveCount(0);
    await becomeReady(desk);
    await expect(desk.page.getByText('Press any key', { exact: false })).toHaveCount(0);
    await desk.context.close();
  });

  test('rings, shows the customer before the answer, carries audio, keeps the note and brings it to a second desk', async ({
    browser,
  }) => {
    test.setTimeout(90_000);
    const desk = await openDesk(browser, centre.desk.newUrl());
    const { page } = desk;
    await becomeReady(desk);
    const callId = await ringDesk(centre.centralUrl, 'agent1', 'gold-billing');

    await expect(page.getByRole('button', { name: /^Answer/ })).toBeVisible();
    await expect(customerNumber(page, 'C-100001')).toBeVisible();
    await expect(page.getByText('010-****-1001').first()).toBeVisible();

    await answer(page);
    await expect
      .poll(async () => (await practiceCall(centre.centralUrl, 'agent1', callId)).heard, { timeout: 20_000 })
      .toBe(true);
    await expect.poll(() => heardInPage(page), { timeout: 20_000 }).toBe(true);

    await noteField(page).click();
    const words = `요금제 변경 문의, 내일 회신 약속 ${Date.now().toString(36)}`;
    await page.keyboard.insertText(words);
    await expect(page.getByText(/Draft kept here/)).toBeVisible();
    await page.keyboard.press('Control+Enter');
    const saved = page.getByText(words);
    await expect(saved).toBeVisible();
    await expect(noteField(page)).toHaveValue('');
    await expect(page.locator('[data-mark="centre"]').first()).toBeVisible();
    await page.keyboard.press('Alt+KeyX');
    await expect(page.getByText('Call ended · wrap-up')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText('Ready for the next call')).toBeVisible();
    await expect(page.getByText(/All at the practice centre/)).toBeVisible();
    expect(desk.complaints).toEqual([]);
    await desk.context.close();

    const second = await centre.addDesk({ demoLogin: 'agent2' });
    const other = await openDesk(browser, second.url);
    await becomeReady(other);
    await expect(other.page.getByText(/All at the practice centre/)).toBeVisible();
    await other.page.keyboard.press('Control+KeyK');
    await expect(other.page.getByPlaceholder('Name, last digits, customer number')).toBeFocused();
    await other.page.keyboard.insertText('C-100001');
    await other.page
      .getByText(/C-100001/)
      .first()
      .click();
    await expect(other.page.getByText(words)).toBeVisible();
    await other.context.close();
    await second.stop();
  });
});
