import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttachmentAnswer } from '../../../src/shared/attachment.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { hasDovecot, type MailServer, startMailServer } from '../../fakes/mail-server.ts';
import { startTestCentre, type TestCentre, type TestDesk } from './kit.ts';

let mail: MailServer;
let centre: TestCentre;
let desk: TestDesk;
const customerId = newId();

const PDF = Buffer.from('%PDF-1.7 a receipt');
const PROGRAM = Buffer.from('MZ not a picture');

function part(name: string, type: string, bytes: Buffer): string[] {
  const head = `Content-Disposition: attachment; filename="=?UTF-8?B?${Buffer.from(name).toString('base64')}?="`;
  return ['--edge', `Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', head, '', bytes.toString('base64')];
}

const MAIL = [
  'From: minji.kim@example.com',
  'Subject: files',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=edge',
  '',
  ...['--edge', 'Content-Type: text/plain; charset=euc-kr', '', 'see below'],
  ...part('영수증.pdf', 'application/pdf', PDF),
  ...part('사진.png', 'image/png', PROGRAM),
  ...part('설치.exe', 'application/octet-stream', PROGRAM),
  ...part('메모.txt', 'text/html', Buffer.from('안녕하세요')),
  '--edge--',
  '',
].join('\r\n');

describe.skipIf(!hasDovecot)('attachments of a mail, out of its source', { timeout: 120_000 }, () => {
  let row: Interaction;

  beforeAll(async () => {
    mail = await startMailServer();
    centre = await startTestCentre();
    desk = await centre.desk();
    const contactPoints = [{ id: newId(), kind: 'email' as const, value: 'minji.kim@example.com', label: null }];
    const person = { customerKind: 'person', name: '김민지', language: 'ko', custom: {} } as const;
    await desk.do({ kind: 'customer.create', customerId, ...person, contactPoints });
    await centre.admin('PUT', 'mailbox', mail.mailbox);
    await mail.arrive(MAIL);
  }, 120_000);
  afterAll(async () => {
    await centre?.close();
    await mail?.close();
  });

  const ask = (index: number, reason = '영수증 확인', id = row.id) =>
    centre.call('POST', `/v1/messages/${id}/attachments/${index}`, {
      token: desk.session.accessToken,
      body: { reason },
    });
  const answer = async (index: number) => AttachmentAnswer.parse((await ask(index)).json);
  const bytesOf = (one: AttachmentAnswer) => (one.state === 'given' ? Buffer.from(one.base64, 'base64') : null);

  it('come byte for byte, in the order in which the mail lists them', async () => {
    const find = async () => {
      const rows = (await desk.snapshot('interaction')).map(({ data }) => data as Interaction);
      return rows.find(({ subject }) => subject === 'files');
    };
    await expect.poll(find, { timeout: 40_000 }).toBeDefined();
    row = (await find()) as Interaction;
    expect(row.message?.attachments?.map(({ name }) => name)).toEqual([
      '영수증.pdf',
      '사진.png',
      '설치.exe',
      '메모.txt',
    ]);
    expect(bytesOf(await answer(0))).toEqual(PDF);
    expect(bytesOf(await answer(3))?.toString()).toBe('안녕하세요');
  });

  it('a program is refused under its own name and under that of a picture', async () => {
    expect([await answer(1), await answer(2)]).toEqual([{ state: 'dangerous' }, { state: 'dangerous' }]);
  });

  it('only with a reason, and each is written down with it', async () => {
    expect((await ask(0, ' ')).status).toBe(400);
    expect((await ask(9)).status).toBe(404);
    expect((await ask(0, 'x y', newId())).status).toBe(404);
    await ask(0, '환불 심사');
    const boss = await centre.desk('boss', { role: 'supervisor' });
    const path = `/v1/customers/${customerId}/disclosure`;
    const body = { reason: '본인 요청', use: 'read' };
    const all = await centre.call('POST', path, { token: boss.session.accessToken, body });
    const { looks } = all.json as { looks: { action: string; context: string }[] };
    expect(looks).toContainEqual(expect.objectContaining({ action: 'attachment', context: '환불 심사' }));
  });

  it('of whoever is erased nothing is given any more', async () => {
    await centre.call('DELETE', `/v1/admin/customers/${customerId}`, { token: centre.adminToken });
    const { status } = await ask(0);
    expect(status).toBe(404);
  });
});
