import { expect, test } from 'vitest';
import {
  ATTACHMENT_MAX_BYTES,
  AttachmentAnswer,
  attachmentFileName,
  attachmentKind,
  attachmentType,
  isWhatItSays,
} from '../../../src/shared/attachment.ts';

const named = (name: string, type = 'application/octet-stream') => ({ name, type });

test.each([
  ['영수증.png', 'image'],
  ['사진.JPEG', 'image'],
  ['메모.txt', 'text'],
  ['계약서.hwp', 'document'],
  ['청구서.PDF', 'document'],
] as const)('%s is taken as %s', (name, kind) => {
  expect(attachmentKind(named(name, 'text/html'))).toBe(kind);
});

test.each([
  ...[
    'setup.exe',
    'a.html',
    'logo.svg',
    'x.js',
    'x.vbs',
    'x.bat',
    'x.lnk',
    'x.iso',
    'x.zip',
    'x.doc',
    'x.xlsm',
    'x.hta',
  ],
  ...['영수증.pdf.exe', '영수증.exe.', '영수증.exe ', 'no-extension', 'constructor.constructor', 'x.__proto__', ''],
  // Turned around, it reads "photo_exe.png".
  'photo_\u202egnp.exe',
  'x.png\u200b.exe',
])('%j is dangerous', (name) => {
  expect(attachmentKind(named(name))).toBe('dangerous');
});

test('a part without a name is what its type says, as far as that is harmless', () => {
  expect(attachmentKind(named('', 'image/PNG'))).toBe('image');
  expect(attachmentFileName(named('', 'image/png'))).toBe('attachment.png');
  expect(attachmentKind(named('', 'text/html'))).toBe('dangerous');
  expect(attachmentKind(named('', 'image/svg+xml'))).toBe('dangerous');
});

test('bytes must be what the name says', () => {
  const program = Buffer.from('MZ\x90 this is a program');
  for (const name of ['a.png', 'a.jpg', 'a.gif', 'a.webp', 'a.txt', 'a.pdf', 'a.docx', 'a.hwp', 'a.exe']) {
    expect([name, isWhatItSays(named(name), program)]).toEqual([name, false]);
  }
  expect(isWhatItSays(named('a.pdf'), Buffer.from('%PDF-1.7 …'))).toBe(true);
  expect(isWhatItSays(named('a.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d]))).toBe(true);
  expect(isWhatItSays(named('a.txt'), Buffer.from('<script>only words here</script>'))).toBe(true);
  expect(isWhatItSays(named('a.txt'), Buffer.from('#!/bin/sh'))).toBe(false);
  expect(isWhatItSays(named('a.png'), Buffer.from('<svg onload=alert(1)>'))).toBe(false);
  // The page never shows it as what the mail says it is.
  expect(attachmentType(named('a.png', 'text/html'))).toBe('image/png');
});

test('it is saved under its own name, in no other folder and with the end of its kind', () => {
  expect(attachmentFileName(named('영수증 11월.pdf'))).toBe('영수증 11월.pdf');
  expect(attachmentFileName(named('../../etc/cron.d/x.txt'))).toBe('_.._etc_cron.d_x.txt');
  expect(attachmentFileName(named('C:\\Windows\\a?.pdf'))).toBe('C_Windows_a_.pdf');
  expect(attachmentFileName(named('\u202e.png'))).toBe('attachment.png');
});

test('the largest one fits the answer', () => {
  const base64 = Buffer.alloc(ATTACHMENT_MAX_BYTES, 7).toString('base64');
  expect(AttachmentAnswer.parse({ state: 'given', base64 }).state).toBe('given');
  expect(AttachmentAnswer.safeParse({ state: 'given', base64: `${base64}AAAA` }).success).toBe(false);
});
