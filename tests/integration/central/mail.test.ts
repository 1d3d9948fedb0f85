import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Id, newId } from '../../../src/shared/ids.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { hasDovecot, type MailServer, startMailServer } from '../../fakes/mail-server.ts';
import { BROKEN_MAILS } from './broken-mails.ts';
import { startTestCentre, type TestCentre, type TestDesk } from './kit.ts';

let mail: MailServer;
let centre: TestCentre;
let desk: TestDesk;
let from: string;

const MINJI = newId();
const BOTH = [newId(), newId()] as const;

async function customer(customerId: Id, name: string, email: string): Promise<void> {
  const contactPoints = [{ id: newId(), kind: 'email' as const, value: email, label: null }];
  const reply = await desk.do({
    ...{ kind: 'customer.create', customerId, customerKind: 'person', name, language: 'ko', custom: {} },
    contactPoints,
  });
  expect(reply.status).toBe('applied');
}

const letter = (lines: Record<string, string>, body: string) =>
  `${Object.entries(lines)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n${body}\r\n`;

/** Mails that came in, oldest first. */
async function incoming(): Promise<Interaction[]> {
  const rows = await desk.snapshot('interaction');
  return rows
    .flatMap(({ data }) => (data && 'direction' in data && data.direction === 'in' ? [data] : []))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A mail of 10 MB on a busy machine. */
const SLOW = { timeout: 40_000 };

async function arrived(subject: string): Promise<Interaction> {
  await expect.poll(async () => (await incoming()).some((one) => one.subject === subject), SLOW).toBe(true);
  const found = (await incoming()).filter((one) => one.subject === subject);
  expect(found, 'taken once').toHaveLength(1);
  return found[0] as Interaction;
}

async function sent(id: Id): Promise<Interaction> {
  const rows = await desk.snapshot('interaction');
  return rows.find((row) => row.id === id)?.data as Interaction;
}

const sendingOf = async (id: Id) => (await sent(id)).message?.sending;

describe.skipIf(!hasDovecot)('mail, with a real IMAP server and a real SMTP server', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    mail = await startMailServer();
    centre = await startTestCentre();
    desk = await centre.desk();
    await customer(MINJI, '김민지', 'Minji.Kim@example.com');
    for (const [index, id] of BOTH.entries()) await customer(id, `박가족 ${index}`, 'family@example.com');
    await centre.admin('PUT', 'mailbox', mail.mailbox);
    from = '"김민지" <minji.kim@EXAMPLE.com>';
  });
  afterAll(async () => {
    await centre.close();
    await mail.close();
  });
  beforeEach(() => {
    mail.smtp.answer = null;
    mail.received.length = 0;
  });

  it('a mail of a known address becomes a contact of that customer, with its words, and waits for an answer', async () => {
    const head = { From: from, 'Message-ID': '<one@example.com>', Subject: '=?UTF-8?B?7ZmY67aIIOusuOydmA==?=' };
    await mail.arrive(letter(head, '지난주에 산 것을 환불하고 싶어요.'));
    const row = await arrived('환불 문의');
    expect(row).toMatchObject({ customerId: MINJI, channel: 'email', direction: 'in', agentId: null });
    expect(row.message).toMatchObject({ address: 'minji.kim@example.com', text: '지난주에 산 것을 환불하고 싶어요.' });
    const hours = (Date.parse(row.message?.dueAt ?? '') - Date.parse(row.startedAt)) / 3_600_000;
    expect(hours).toBe(24);
  });

  it('HTML becomes text and runs nothing, and attachments are listed', async () => {
    const body = [
      '--edge',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Hello <b>there</b></p><script>alert(1)</script><img src=x onerror=alert(1)>',
      '--edge',
      'Content-Type: application/pdf; name="=?UTF-8?B?7JiB7IiY7KadLnBkZg==?="',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment',
      '',
      'AAECAwQF',
      '--edge--',
    ].join('\r\n');
    await mail.arrive(
      letter(
        { From: from, Subject: 'HTML', 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=edge' },
        body,
      ),
    );
    const { message } = await arrived('HTML');
    expect(message?.text).toBe('Hello there');
    expect(message?.attachments).toEqual([{ name: '영수증.pdf', type: 'application/pdf', bytes: 6 }]);
  });

  it("an address of several customers is nobody's, unless the mail continues what one of them wrote", async () => {
    await mail.arrive(letter({ From: 'family@example.com', Subject: 'who am I' }, 'x'));
    const unknown = await arrived('who am I');
    expect(unknown.customerId).toBe(null);
    const { status } = await desk.do({
      kind: 'message.settle',
      messageId: unknown.id,
      customerId: BOTH[1],
      done: false,
    });
    expect(status).toBe('applied');
    expect(await sent(unknown.id)).toMatchObject({ customerId: BOTH[1], message: { dueAt: unknown.message?.dueAt } });

    const head = { From: 'family@example.com', Subject: 'first', 'Message-ID': '<fam-1@example.com>' };
    await mail.arrive(letter(head, 'x'));
    const first = await arrived('first');
    await desk.do({ kind: 'message.settle', messageId: first.id, customerId: BOTH[1], done: false });
    const next = { From: 'family@example.com', Subject: 'Re: first', 'In-Reply-To': '<fam-1@example.com>' };
    await mail.arrive(letter(next, 'y'));
    const second = await arrived('Re: first');
    expect(second.customerId).toBe(BOTH[1]);
    expect(second.message?.answers).toBe(first.id);
  });

  it("a stranger with a customer's Reply-To is a stranger; a contact form of the business is whoever filled it in", async () => {
    const reply = { 'Reply-To': 'minji.kim@example.com' };
    await mail.arrive(letter({ From: 'stranger@example.com', ...reply, Subject: 'pretends' }, 'x'));
    const stranger = await arrived('pretends');
    expect([stranger.customerId, stranger.message?.address]).toEqual([null, 'stranger@example.com']);
    await centre.admin('PUT', 'mailbox', { ...mail.mailbox, formSenders: ['Forms@shop.example.com'] });
    await mail.arrive(letter({ From: 'forms@shop.example.com', ...reply, Subject: 'by a form' }, 'x'));
    expect((await arrived('by a form')).customerId).toBe(MINJI);
    await centre.admin('PUT', 'mailbox', mail.mailbox);
    await mail.arrive(letter({ From: mail.mailbox.address, ...reply, Subject: 'as ourselves' }, 'x'));
    expect((await arrived('as ourselves')).customerId).toBe(MINJI);
  });

  it('a case is named by its number in the subject only for the customer whose case it is', async () => {
    const caseId = newId();
    const opened = await desk.do({
      ...{
        kind: 'case.open',
        caseId,
        customerId: MINJI,
        interactionId: null,
        subject: '배송',
        priority: 'normal',
        dueAt: null,
      },
    });
    const row = opened.status === 'applied' ? opened.rows.find((one) => one.table === 'case') : undefined;
    const number = row?.table === 'case' ? row.data?.number : '';
    await mail.arrive(letter({ From: from, Subject: `[${number}] where is it` }, 'x'));
    expect((await arrived(`[${number}] where is it`)).message?.caseId).toBe(caseId);
    await mail.arrive(letter({ From: 'stranger@example.com', Subject: `about ${number}` }, 'x'));
    const strange = await arrived(`about ${number}`);
    expect(strange.customerId).toBe(null);
    expect(strange.message?.caseId).toBe(undefined);
  });

  it('a mailbox that was made anew, and a centre that is told of it again, take no mail twice', async () => {
    await mail.arrive(letter({ From: from, Subject: 'before', 'Message-ID': '<before@example.com>' }, 'x'));
    await mail.arrive(letter({ From: from, Subject: 'before, without a name' }, 'x'));
    await arrived('before');
    await arrived('before, without a name');
    const before = (await incoming()).length;
    await centre.admin('PUT', 'mailbox', null);
    await mail.rebuild();
    await centre.admin('PUT', 'mailbox', mail.mailbox);
    await mail.arrive(letter({ From: from, Subject: 'after' }, 'x'));
    await arrived('after');
    expect((await incoming()).length).toBe(before + 1);
  });

  it('a centre that starts again goes on where it was: nothing twice, nothing left out', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'dangol-mail-centre-'));
    const shared = { centre, desk };
    try {
      centre = await startTestCentre({ dataFolder });
      desk = await centre.desk();
      await centre.admin('PUT', 'mailbox', mail.mailbox);
      await mail.arrive(letter({ From: from, Subject: 'while it runs' }, 'x'));
      await arrived('while it runs');
      await centre.close();
      await mail.arrive(letter({ From: from, Subject: 'while it is away' }, 'x'));
      centre = await startTestCentre({ dataFolder });
      desk = await centre.desk();
      await arrived('while it is away');
      const subjects = (await incoming()).map(({ subject }) => subject);
      expect(subjects.length).toBe(new Set(subjects).size);
      expect(subjects).toContain('while it runs');
    } finally {
      await centre.close();
      ({ centre, desk } = shared);
      rmSync(dataFolder, { recursive: true, force: true });
    }
  });

  it('one Message-ID for two mails that say different things loses neither', async () => {
    await mail.arrive(letter({ From: from, Subject: 'form 1', 'Message-ID': '<same@form.example>' }, 'first'));
    await mail.arrive(letter({ From: from, Subject: 'form 2', 'Message-ID': '<same@form.example>' }, 'second'));
    await arrived('form 1');
    await arrived('form 2');
  });

  it.each(BROKEN_MAILS)(
    'a broken mail is never lost, and shown as far as it can be read: $what',
    async (broken) => {
      await mail.arrive(broken.source(from));
      const row = await arrived(broken.subject);
      expect(row.message?.text).toContain(broken.says);
      expect(row.message?.damaged ?? false).toBe(broken.damaged);
      expect(row.customerId).toBe(broken.nobodys ? null : MINJI);
    },
    180_000,
  );

  it('an answer leaves once, to whoever asked, with the question below and the thread kept', async () => {
    const head = {
      From: from,
      'Message-ID': '<ask@example.com>',
      References: '<root@example.com>',
      Subject: 'question',
    };
    await mail.arrive(letter(head, 'How long?'));
    const asked = await arrived('question');
    const messageId = newId();
    const operation = desk.operation({
      ...{ kind: 'message.send', messageId, customerId: MINJI, channel: 'email', answers: asked.id },
      ...{ contactPointId: null, subject: 'Re: question', text: '사흘 걸립니다.' },
    });
    const [first] = await desk.push(operation);
    expect(first?.status).toBe('applied');
    // The reply was lost, and the desk says it again; then as another operation.
    await desk.push(operation);
    await desk.push({ ...operation, opId: newId(), deviceSeq: operation.deviceSeq + 100 });
    await expect.poll(() => sendingOf(messageId), SLOW).toMatchObject({ state: 'sent', reason: null, tries: 1 });
    expect(mail.received).toHaveLength(1);
    const [left] = mail.received;
    expect(left?.to).toEqual(['minji.kim@example.com']);
    expect(left?.source).toMatch(new RegExp(`^Message-ID: <${messageId}@dangol.test>`, 'im'));
    expect(left?.source).toMatch(/^In-Reply-To: <ask@example.com>/im);
    expect(left?.source).toMatch(/^References: <root@example.com> <ask@example.com>/im);
    const { text } = await PostalMime.parse(left?.source ?? '');
    expect(text).toMatch(/^사흘 걸립니다\.\n\n.*minji\.kim@example\.com 님이 쓰신 글:\n> How long\?\n$/);
    expect((await sent(asked.id)).message?.settled).toMatchObject({ how: 'answered', byName: '상담사 kim' });

    // What the customer answers to that continues it.
    const back = { From: from, 'In-Reply-To': `<${messageId}@dangol.test>`, Subject: 'Re: Re: question' };
    await mail.arrive(letter(back, 'thanks'));
    expect((await arrived('Re: Re: question')).message?.answers).toBe(messageId);
  });

  it('an address that the server refuses says so at the desk; the mail is written anew with another and leaves', async () => {
    const wrong = newId();
    const point = newId();
    await desk.do({
      ...{
        kind: 'customer.create',
        customerId: wrong,
        customerKind: 'person',
        name: '이오타',
        language: 'en',
        custom: {},
      },
      contactPoints: [{ id: point, kind: 'email', value: 'nobody@example.com', label: null }],
    });
    const messageId = newId();
    const letterTo = { kind: 'message.send', customerId: wrong, channel: 'email', answers: null } as const;
    await desk.do({ ...letterTo, messageId, contactPointId: point, subject: 'confirmed', text: 'It is confirmed.' });
    await expect.poll(() => sendingOf(messageId), SLOW).toMatchObject({ state: 'failed', reason: 'bad_address' });
    const again = newId();
    const reply = await desk.do({
      ...{ ...letterTo, messageId: again, contactPointId: point, subject: 'confirmed', text: 'Once more.' },
      replaces: messageId,
    });
    expect(reply.status).toBe('applied');
    expect(await sendingOf(messageId)).toMatchObject({ state: 'replaced' });
    const twice = await desk.do({
      ...{ ...letterTo, messageId: newId(), contactPointId: point, subject: 'confirmed', text: 'Twice.' },
      replaces: messageId,
    });
    expect(twice).toMatchObject({ status: 'rejected', code: 'CONFLICT' });
  });

  it('a connection that breaks after the mail was handed over is never tried again by itself', async () => {
    mail.smtp.answer = () => 'take and hang up';
    const messageId = newId();
    await desk.do({
      ...{ kind: 'message.send', messageId, customerId: MINJI, channel: 'email', answers: null },
      ...{ contactPointId: null, subject: 'perhaps', text: 'x' },
    });
    await expect.poll(() => sendingOf(messageId), SLOW).toMatchObject({ state: 'failed', reason: 'uncertain' });
    expect(mail.received).toHaveLength(1);
  });

  it('a server that says "later" is asked later', async () => {
    mail.smtp.answer = () => ({ code: 451, text: 'greylisted' });
    const messageId = newId();
    await desk.do({
      ...{ kind: 'message.send', messageId, customerId: MINJI, channel: 'email', answers: null },
      ...{ contactPointId: null, subject: 'later', text: 'x' },
    });
    await expect.poll(() => sendingOf(messageId), SLOW).toMatchObject({ state: 'queued', tries: 1 });
    expect(mail.received).toHaveLength(0);
  });

  it('the password stands sealed in the database, and in no answer', async () => {
    const { text } = await centre.call('GET', '/v1/admin/mailbox', { token: centre.adminToken });
    expect(text).not.toContain(mail.mailbox.password ?? '?');
    expect(text).toContain('"password":"kept"');
    const { password: _, ...kept } = mail.mailbox;
    await centre.admin('PUT', 'mailbox', kept);
    const elsewhere = { ...kept, imap: { ...kept.imap, port: 1 } };
    await expect(centre.admin('PUT', 'mailbox', elsewhere)).rejects.toThrow(/400/);
    const open = { ...mail.mailbox, imap: { ...kept.imap, host: 'mail.example.com' } };
    await expect(centre.admin('PUT', 'mailbox', open)).rejects.toThrow(/only on this machine/);
  });

  it('whoever is erased gets no mail any more, and of theirs nothing is kept', async () => {
    const gone = newId();
    await customer(gone, '최지운', 'gone@example.com');
    await mail.arrive(
      letter({ From: 'gone@example.com', Subject: 'forget me', 'Message-ID': '<gone@example.com>' }, 'x'),
    );
    const row = await arrived('forget me');
    await centre.call('DELETE', `/v1/admin/customers/${gone}`, { token: centre.adminToken });
    const reply = await desk.do({
      ...{ kind: 'message.send', messageId: newId(), customerId: gone, channel: 'email', answers: row.id },
      ...{ contactPointId: null, subject: 'Re: forget me', text: 'x' },
    });
    expect(reply).toMatchObject({ status: 'rejected', code: 'ERASED' });
    expect((await incoming()).some(({ subject }) => subject === 'forget me')).toBe(false);
    // They write again: nobody knows them.
    await mail.arrive(letter({ From: 'gone@example.com', Subject: 'me again' }, 'x'));
    expect((await arrived('me again')).customerId).toBe(null);
  });
});
