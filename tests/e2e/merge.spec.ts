import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { becomeReady, lookUp, openDesk } from './support/desk-page.ts';

let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 100 });
});
test.afterAll(() => centre?.stop());

const WORDS = {
  'en-US': {
    perhaps: /Perhaps the same person: .*C-100004 \(same number\)/,
    sheet: 'Merge or split customers',
    merged: /Merged into this customer: .*C-100004/,
    saved: /All at the practice centre/,
  },
  'ko-KR': {
    perhaps: /같은 고객일 수 있음: .*C-100004 \(같은 전화번호\)/,
    sheet: '고객 통합·분리',
    merged: /통합된 고객: .*C-100004/,
    saved: /연습 센터에 저장됨/,
  },
} as const;

for (const locale of ['en-US', 'ko-KR'] as const) {
  const words = WORDS[locale];
  test(`two customers are found to be one, merged and parted again by keys alone (${locale})`, async ({ browser }) => {
    test.setTimeout(120_000);
    const desk = await openDesk(browser, centre.desk.newUrl(), { locale });
    const { page } = desk;
    const { keyboard } = page;
    await becomeReady(desk);
    await lookUp(page, 'C-100003');
    await expect(page.getByText(words.perhaps)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('백*옥');

    await keyboard.press('Alt+Shift+KeyM');
    const sheet = page.getByRole('complementary', { name: words.sheet });
    // The first fact that differs has the focus, on what stays.
    await expect(sheet.getByRole('radio').first()).toBeFocused();
    await keyboard.press('ArrowRight');
    await expect(sheet.getByRole('radio').nth(1)).toBeChecked();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);
    await expect(page.getByText(words.merged)).toHaveCount(0);

    await keyboard.press('Alt+Shift+KeyM');
    await expect(sheet.getByRole('radio').first()).toBeFocused();
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await expect(sheet).toHaveCount(0);
    await expect(page.getByText(words.merged)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('임*윤');
    await expect(page.getByText(words.saved)).toBeVisible();

    // On another desk whoever looks for the one who went finds the one who stayed.
    const second = await centre.addDesk({ demoLogin: 'agent2' });
    const other = await openDesk(browser, second.url, { locale });
    await becomeReady(other);
    await lookUp(other.page, 'C-100004', 'C-100003');
    await expect(other.page.getByRole('heading', { level: 1 })).toContainText('임*윤');

    await keyboard.press('Alt+Shift+KeyZ');
    await expect(page.getByText(words.merged)).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('백*옥');
    await expect(page.getByText(words.perhaps)).toBeVisible();
    await expect(other.page.getByRole('heading', { level: 1 })).toContainText('백*옥');
    await lookUp(page, 'C-100004');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('임*윤');
    expect([...desk.complaints, ...other.complaints]).toEqual([]);
    await other.context.close();
    await desk.context.close();
    await second.stop();
  });
}

test('somebody who was written down with another is parted by keys alone, and is a customer on every desk', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const desk = await openDesk(browser, centre.desk.newUrl());
  const { page } = desk;
  const { keyboard } = page;
  await becomeReady(desk);
  await lookUp(page, 'C-100001');
  await keyboard.press('Alt+Shift+KeyM');
  const sheet = page.getByRole('complementary', { name: 'Merge or split customers' });
  await expect(sheet.getByRole('textbox', { name: 'Find another customer to merge' })).toBeFocused();
  const focused = page.locator(':focus');
  await keyboard.press('Tab');
  await expect(focused).toHaveText('Split customer');
  await keyboard.press('Enter');
  await keyboard.press('Tab');
  await keyboard.insertText('한새봄');
  await keyboard.press('Tab');
  await keyboard.press('Space');
  await expect(sheet.getByRole('checkbox').first()).toBeChecked();
  await keyboard.press('Enter');
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('한*봄');
  await expect(page.getByText('010-****-1001').first()).toBeVisible();
  // The centre has given a number: it knows them.
  await expect(page.getByText(/^C-9\d{5}$/).first()).toBeVisible();
  await lookUp(page, 'C-100001');
  await expect(page.getByText('010-****-1001')).toHaveCount(0);
  expect(desk.complaints).toEqual([]);
  await desk.context.close();
});
