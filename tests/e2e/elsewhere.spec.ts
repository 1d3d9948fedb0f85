import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type CallCentre, startCallCentre } from '../fakes/call-centre.ts';
import { openDesk } from './support/desk-page.ts';

let centre: CallCentre;
let server: Server;
const service = { url: '', status: 200, got: [] as { headers: IncomingHttpHeaders; body: string }[] };
const secrets = new Map<string, string>();

async function admin(method: string, path: string, body: object): Promise<unknown> {
  const token = readFileSync(join(centre.dataFolder, 'central', 'admin-token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${centre.centralUrl}/v1/admin/${path}`, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return JSON.parse(text);
}

async function source(wanted: { name: string; channel: string; label: string; replyUrl?: string }): Promise<void> {
  const { secret } = (await admin('PUT', 'message-sources', wanted)) as { secret: string };
  secrets.set(wanted.name, secret);
}

async function post(name: string, message: object): Promise<void> {
  const body = JSON.stringify(message);
  const at = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secrets.get(name) ?? '')
    .update(`${at}.${body}`)
    .digest('hex');
  const headers = {
    ...{ 'content-type': 'application/json', 'dangol-timestamp': String(at), 'dangol-signature': `v1=${signature}` },
  };
  const answer = await fetch(`${centre.centralUrl}/v1/inbound/${name}`, { method: 'POST', headers, body });
  expect(answer.status, await answer.text()).toBe(201);
}

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      service.got.push({ headers: request.headers, body });
      response.writeHead(service.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  service.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/answers`;
  centre = await startCallCentre({ customers: 100 });
  await source({ name: 'shop-chat', channel: 'message', label: 'Shop chat', replyUrl: service.url });
  await source({ name: 'notice', channel: 'message', label: 'Notices' });
  await source({ name: 'shop-form', channel: 'web', label: 'Shop form' });
  const person = { customerNumber: 'W-1', name: '한채팅', phones: ['010-0000-7002'], email: 'han.chat@example.com' };
  await admin('POST', 'customers', { customers: [person] });
});
test.afterAll(async () => {
  await centre?.stop();
  await new Promise((resolve) => server?.close(resolve));
});

test('a chat message is read and answered by keys alone; the answer goes back signed, and its fate is seen', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const from = { id: 'u-2', name: '한채팅', phone: '010-0000-7002' };
  await post('shop-chat', { id: 'e2e-1', conversation: 'c-2', from, text: 'When does the fitter come?' });
  const desk = await openDesk(browser, centre.desk.newUrl());
  const { page } = desk;
  const { keyboard } = page;
  await page.locator('textarea').first().waitFor();
  await keyboard.press('Shift');
  await keyboard.press('Alt+Shift+KeyR');
  const item = page.getByRole('button', { name: /Shop chat · Message received/ });
  await item.waitFor({ timeout: 40_000 });
  await item.focus();
  await keyboard.press('Enter');
  const letter = page.getByRole('region', { name: 'Write an answer' });
  await expect(letter.getByText('When does the fitter come?')).toBeVisible();
  await expect(letter.getByLabel('Subject')).toHaveCount(0);
  await letter.getByLabel('Text', { exact: true }).focus();
  await keyboard.type('{{customer}} 님, 오후 2시입니다.');
  await keyboard.press('Control+Enter');
  await expect(letter).toHaveCount(0);
  const line = page.getByRole('listitem').filter({ hasText: '오후 2시입니다.' });
  await expect(line).toContainText('Sent', { timeout: 30_000 });
  expect(service.got).toHaveLength(1);
  const [got] = service.got;
  const answer = { to: 'u-2', conversation: 'c-2', inReplyTo: 'e2e-1', text: '한채팅 님, 오후 2시입니다.' };
  expect(JSON.parse(got?.body ?? '')).toMatchObject(answer);
  const signed = createHmac('sha256', secrets.get('shop-chat') ?? '').update(
    `${got?.headers['dangol-timestamp']}.${got?.body}`,
  );
  expect(got?.headers['dangol-signature']).toBe(`v1=${signed.digest('hex')}`);

  // While the customer is on screen, what comes in appears by itself: a form with all its fields, and a service that takes no answers.
  await post('shop-form', {
    id: 'e2e-2',
    phone: '010-0000-7002',
    text: 'Please move my line',
    'Preferred time': 'evening',
  });
  const form = page.getByRole('listitem').filter({ hasText: 'Please move my line' });
  await expect(form).toContainText('Preferred time: ***', { timeout: 30_000 });
  await expect(form).toContainText('Shop form');
  await expect(form.getByLabel('Web form')).toBeVisible();
  await post('notice', { id: 'e2e-3', from, text: 'Why is my bill higher?' });
  const mute = page.getByRole('listitem').filter({ hasText: 'Why is my bill higher?' });
  await expect(mute).toContainText('Takes no answers', { timeout: 30_000 });
  await mute.getByRole('button', { name: 'Open' }).press('Enter');
  await expect(letter).toContainText('Notices takes no answers.');
  await expect(letter.getByRole('button', { name: /Send|Put into the letter/ })).toHaveCount(0);
  await letter.getByRole('button', { name: 'Needs no answer' }).press('Enter');
  await expect(mute).toContainText('Needs no answer ·', { timeout: 15_000 });

  // Refused by the service: it says so, and is corrected and sent again.
  service.status = 422;
  await page
    .getByRole('listitem')
    .filter({ hasText: 'When does the fitter come?' })
    .getByRole('button', { name: 'Answer' })
    .press('Enter');
  await letter.getByLabel('Text', { exact: true }).fill('3시로 바뀌었습니다.');
  await keyboard.press('Control+Enter');
  const refused = page.getByRole('listitem').filter({ hasText: '3시로 바뀌었습니다.' });
  await expect(refused).toContainText('The service refused the message', { timeout: 30_000 });
  expect(desk.complaints).toEqual([]);
  await desk.context.close();
});
