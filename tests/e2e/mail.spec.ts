import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import PostalMime from 'postal-mime';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { hasDovecot, type MailServer, startMailServer } from '../fakes/mail-server.ts';
import { openDesk } from './support/desk-page.ts';

let centre: CallCentre;
let mail: MailServer;

async function admin(method: string, path: string, body: object): Promise<void> {
  const token = readFileSync(join(centre.dataFolder, 'central', 'admin-token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${centre.centralUrl}/v1/admin/${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.text()).toBe(200);
}

test.skip(!hasDovecot, 'no mail server here');
test.beforeAll(async () => {
  test.setTimeout(120_000);
  mail = await startMailServer();
  centre = await startCallCentre({ customers: 100 });
  await admin('PUT', 'mailbox', mail.mailbox);
  const person = { customerNumber: 'M-1', name: '한메일', phones: ['010-0000-7001'], email: 'han.mail@example.com' };
  await admin('POST', 'customers', { customers: [person] });
});
test.afterAll(async () => {
  await centre?.stop();
  await mail?.close();
});

test('a mail arrives, is read and answered by keys alone, and its answer leaves with the customer named and the thread kept', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const head = 'From: han.mail@example.com\r\nMessage-ID: <ask-1@example.com>\r\nSubject: When does it come';
  await mail.arrive(`${head}\r\n\r\nI ordered it last week.\r\n`);
  const desk = await openDesk(browser, centre.desk.newUrl());
  const { page } = desk;
  const { keyboard } = page;
  await page.locator('textarea').first().waitFor();
  await keyboard.press('Shift');
  await keyboard.press('Alt+Shift+KeyR');
  const item = page.getByRole('button', { name: /When does it come/ });
  await item.waitFor({ timeout: 40_000 });
  await item.focus();
  await keyboard.press('Enter');

  const letter = page.getByRole('region', { name: 'Write an answer' });
  await expect(letter.getByText('I ordered it last week.')).toBeVisible();
  await expect(letter.getByLabel('Subject')).toHaveValue('Re: When does it come');
  await letter.getByLabel('Text', { exact: true }).focus();
  await keyboard.type('{{customer}} 님, 내일 도착합니다.');
  await keyboard.press('Control+Enter');
  await expect(letter).toHaveCount(0);

  const line = page.getByRole('listitem').filter({ hasText: '내일 도착합니다.' });
  await expect(line).toContainText('Sent', { timeout: 30_000 });
  await expect(page.getByRole('listitem').filter({ hasText: 'I ordered it last week.' })).toContainText('Answered by');
  expect(mail.received).toHaveLength(1);
  const left = await PostalMime.parse(mail.received[0]?.source ?? '');
  expect(left.text).toMatch(/^한메일 님, 내일 도착합니다\.\n\n[^\n]+\n> I ordered it last week\./);
  expect(left.inReplyTo).toBe('<ask-1@example.com>');
  expect(mail.received[0]?.to).toEqual(['han.mail@example.com']);

  // A mail to the customer on screen that answers nothing: what an agent confirms.
  await keyboard.press('Alt+Shift+KeyR');
  await letter.getByLabel('Answers').selectOption({ label: 'New mail' });
  await letter.getByLabel('Subject').focus();
  await keyboard.type('Confirmed');
  await letter.getByLabel('Text', { exact: true }).focus();
  await keyboard.type('It is confirmed.');
  await keyboard.press('Control+Enter');
  await expect(page.getByRole('listitem').filter({ hasText: 'It is confirmed.' })).toContainText('Sent', {
    timeout: 30_000,
  });
  expect(mail.received.map(({ to }) => to)).toEqual([['han.mail@example.com'], ['han.mail@example.com']]);
  expect(desk.complaints).toEqual([]);
  await desk.context.close();
});
