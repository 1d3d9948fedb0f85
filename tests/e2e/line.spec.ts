import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { EXPIRED, TEST_KEY } from '../fixtures/telephony/certificates.ts';
import { becomeReady, finish, openDesk } from './support/desk-page.ts';

/** What the screen says of a line, and of the numbers that were called on it. */
let centre: CallCentre;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  centre = await startCallCentre({ customers: 60 });
});
test.afterAll(() => centre?.stop());

/** As the administrator: one thing of the call centre is changed for desks that start from now on. */
async function put(what: 'pbx' | 'sip-accounts', body: object): Promise<void> {
  const token = readFileSync(join(centre.dataFolder, 'central', 'admin-token'), 'utf8').trim();
  const response = await fetch(`${centre.centralUrl}/v1/admin/${what}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
}

test('redial by the key alone: Enter takes the number that was called last, Enter again calls it', async ({
  browser,
}) => {
  const desk = await openDesk(browser, centre.desk.newUrl());
  const { page } = desk;
  await becomeReady(desk);
  const field = page.getByRole('textbox', { name: 'Phone number' });
  await page.keyboard.press('Alt+KeyT');
  await expect(field).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('');
  await page.keyboard.insertText('600');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Mute/ }).waitFor();
  await finish(page);
  await page.keyboard.press('Alt+KeyT');
  await expect(page.getByRole('list', { name: 'Recent calls' }).getByRole('button').first()).toContainText('600');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('600');
  expect(desk.invited).toEqual(['600']);
  await expect(field).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Mute/ }).waitFor();
  expect(desk.invited).toEqual(['600', '600']);
  await finish(page);
  expect(desk.complaints).toEqual([]);
  await desk.context.close();
});

test('a wrong line password is said in words, and the desk goes on without calls', async ({ browser }) => {
  await put('sip-accounts', { login: 'agent2', username: 'agent2', password: 'another-secret', displayName: '' });
  const { newUrl } = await centre.addDesk({ demoLogin: 'agent2' });
  const desk = await openDesk(browser, newUrl());
  await desk.page.locator('textarea').first().waitFor();
  await desk.page.keyboard.press('Shift');
  await expect(desk.page.getByText('Line password refused · tell your administrator')).toBeVisible();
  await desk.context.close();
});

test('a PBX whose certificate has expired: the screen says so, and whom to tell', async ({ browser }) => {
  const tls = createServer({ key: TEST_KEY, cert: EXPIRED });
  tls.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  const server = `wss://127.0.0.1:${(tls.address() as AddressInfo).port}/ws`;
  await put('pbx', { server, domain: '127.0.0.1', iceServers: [] });
  const { newUrl } = await centre.addDesk({ demoLogin: 'agent1' });
  for (const [locale, words] of [
    ['en-US', "The PBX's certificate has expired, so this desk does not connect. Tell your administrator."],
    ['ko-KR', '교환기 인증서가 만료되어 연결하지 않습니다. 관리자에게 알려 주세요.'],
  ] as const) {
    const desk = await openDesk(browser, newUrl(), { locale });
    await desk.page.locator('textarea').first().waitFor();
    await desk.page.keyboard.press('Shift');
    await expect(desk.page.getByRole('alert').filter({ hasText: words })).toBeVisible();
    await desk.context.close();
  }
  tls.close();
});
