import { readFile } from 'node:fs/promises';
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
    ...{ number: 'C-1000040', sheet: 'Access or erasure request', reason: 'Reason', json: 'JSON file' },
    ...{ readable: 'Readable file', inFile: /Personal data held: customer number/, erase: 'Erase for good' },
    ...{ type: /^Type the customer number/, erased: /rows were erased/ },
  },
  'ko-KR': {
    ...{ number: 'C-1000050', sheet: '열람·삭제 요청', reason: '사유', json: 'JSON 파일' },
    ...{ readable: '읽기용 파일', inFile: /보유 개인정보: 고객 번호/, erase: '영구 삭제하기' },
    ...{ type: /^확인하려면 고객 번호/, erased: /삭제했습니다/ },
  },
} as const;

for (const locale of ['en-US', 'ko-KR'] as const) {
  const words = WORDS[locale];
  test(`a customer asks what is held about them, then to be forgotten: by keys alone (${locale})`, async ({
    browser,
  }) => {
    test.setTimeout(120_000);
    const supervisor = await centre.addDesk({ demoLogin: 'super1' });
    const desk = await openDesk(browser, supervisor.url, { locale });
    const { page } = desk;
    const { keyboard } = page;
    await becomeReady(desk);
    await lookUp(page, words.number);
    await keyboard.press('Alt+Shift+KeyV');
    const sheet = page.getByRole('complementary', { name: words.sheet });
    await expect(sheet.getByLabel(words.reason)).toBeFocused();
    await keyboard.insertText('asked by phone');
    await keyboard.press('Enter');
    // Who looked: this very look is the latest.
    await expect(sheet.getByRole('listitem').filter({ hasText: 'asked by phone' }).first()).toBeVisible();

    const save = async (name: string) => {
      const coming = page.waitForEvent('download');
      await sheet.getByRole('button', { name }).focus();
      await keyboard.press('Enter');
      const download = await coming;
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
    };
    const json = await save(words.json);
    expect(json.name).toMatch(new RegExp(`^${words.number}-.*\\.json$`));
    expect(JSON.parse(json.text)).toMatchObject({ customer: { customerNumber: words.number } });
    expect((await save(words.readable)).text).toMatch(words.inFile);

    const erase = sheet.getByRole('button', { name: words.erase });
    await sheet.getByLabel(words.type).focus();
    await keyboard.insertText('C-1');
    await expect(erase).toBeDisabled();
    await keyboard.press('Control+KeyA');
    await keyboard.insertText(words.number);
    await expect(erase).toBeEnabled();
    await keyboard.press('Enter');
    await expect(page.getByText(words.erased)).toBeVisible();

    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+KeyK');
    await page.keyboard.insertText(words.number);
    await expect(page.locator('[data-candidate]').filter({ hasText: words.number })).toHaveCount(0);
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
    await supervisor.stop();
  });
}

test('an agent has no such door', async ({ browser }) => {
  test.setTimeout(120_000);
  const desk = await openDesk(browser, centre.desk.newUrl());
  await becomeReady(desk);
  await lookUp(desk.page, 'C-1000060');
  await desk.page.keyboard.press('Alt+Shift+KeyV');
  await expect(desk.page.getByRole('complementary', { name: WORDS['en-US'].sheet })).toHaveCount(0);
  await expect(desk.page.getByRole('button', { name: 'Access or erasure' })).toHaveCount(0);
  await desk.context.close();
});
