import { describe, expect, it } from 'vitest';
import { readMail } from '../../../src/central/messages/read-mail.ts';
import { MESSAGE_TEXT_MAX } from '../../../src/shared/message.ts';
import { BROKEN_MAILS } from '../../integration/central/broken-mails.ts';

const read = (source: string | Uint8Array) => readMail(Buffer.from(source));

describe('a mail as it is read', () => {
  it.each(BROKEN_MAILS)('is read as far as it can be, and is text that a database takes: $what', async (broken) => {
    const mail = await read(broken.source('x <minji.kim@example.com>'));
    expect(mail.text).toContain(broken.says);
    expect(mail.subject).toBe(broken.subject);
    for (const text of [mail.text, mail.subject ?? '']) {
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toContain('\0');
    }
    expect(mail.text.length).toBeLessThanOrEqual(MESSAGE_TEXT_MAX);
    expect(mail.from).toBe(broken.nobodys ? null : 'minji.kim@example.com');
  });

  it('has a key of its own: the same by another way, another where it says something else', async () => {
    const one = await read('Message-ID: <a@b>\r\nReceived: by x\r\n\r\nwords');
    const byAnotherWay = await read('Received: by y\r\nMessage-ID: <a@b>\r\n\r\nwords');
    const otherWords = await read('Message-ID: <a@b>\r\n\r\nother words');
    expect(byAnotherWay.key).toBe(one.key);
    expect(otherWords.key).not.toBe(one.key);
  });

  it('names the nearest mail that it follows first', async () => {
    const mail = await read('In-Reply-To: <c@x>\r\nReferences: <a@x> <b@x>\r\n <c@x>\r\n\r\n');
    expect(mail.follows).toEqual(['c@x', 'b@x', 'a@x']);
  });

  it('is of whoever From names: a Reply-To proves nothing, but where a contact form of ours is the author', async () => {
    const source = (from: string) =>
      Buffer.from(`From: ${from}\r\nReply-To: Minji <Minji.Kim@example.com>\r\nSubject: x\r\n\r\nwords`);
    const forms = new Set(['forms@dangol.test']);
    expect((await readMail(source('stranger@example.com'), forms)).from).toBe('stranger@example.com');
    expect((await readMail(source('"Shop" <Forms@Dangol.test>'), forms)).from).toBe('minji.kim@example.com');
    expect((await readMail(source('forms@dangol.test'))).from).toBe('forms@dangol.test');
    expect((await readMail(Buffer.from('From: Forms@dangol.test\r\n\r\nx'), forms)).from).toBe('forms@dangol.test');
  });

  it('of an answering machine waits for no answer', async () => {
    expect((await read('Auto-Submitted: auto-replied\r\n\r\n')).automatic).toBe(true);
    expect((await read('Auto-Submitted: no\r\n\r\n')).automatic).toBe(false);
  });

  it('never ends in the middle of a sign', async () => {
    const mail = await read(`Content-Type: text/plain; charset=utf-8\r\n\r\n${'x'.repeat(MESSAGE_TEXT_MAX - 1)}😀😀`);
    expect(mail.cut).toBe(true);
    expect(mail.text).toBe('x'.repeat(MESSAGE_TEXT_MAX - 1));
  });

  it('survives noise', async () => {
    let seed = 7;
    const next = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed;
    };
    const base = Buffer.from(
      BROKEN_MAILS.find(({ subject }) => subject === 'unterminated')?.source('a <a@b.test>') ?? [],
    );
    for (let round = 0; round < 500; round += 1) {
      const noisy = Buffer.from(base);
      for (let change = 0; change < 8; change += 1) noisy[next() % noisy.length] = next() % 256;
      const mail = await read(noisy);
      expect(mail.text.isWellFormed() && !mail.text.includes('\0')).toBe(true);
    }
  });
});
