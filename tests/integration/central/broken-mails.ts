/** Mails that break the rules, as they are met: each is taken, and shown as far as it can be read. */
export interface BrokenMail {
  what: string;
  subject: string;
  source: (from: string) => Uint8Array;
  says: string;
  damaged: boolean;
  /** The sender cannot be told. */
  nobodys?: true;
}

/** 환불해 주세요, in EUC-KR. */
const KOREAN = Uint8Array.from([0xc8, 0xaf, 0xba, 0xd2, 0xc7, 0xd8, 0x20, 0xc1, 0xd6, 0xbc, 0xbc, 0xbf, 0xe4]);
/** 똠방각하, of which the first syllable is in CP949 only. */
const CP949 = Uint8Array.from([0x8c, 0x63, 0xb9, 0xe6, 0xb0, 0xa2, 0xc7, 0xcf]);

function bytes(...parts: (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part)));
}
const head = (from: string, subject: string, more = '') =>
  `From: =?UTF-8?B?6rmA66+87KeA?= ${/<.*>/.exec(from)?.[0]}\r\nSubject: ${subject}\r\n${more}`;
const typed = (type: string, encoding = '8bit') =>
  `MIME-Version: 1.0\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;

function nested(depth: number): string {
  let source = 'Content-Type: text/plain\r\n\r\nthe innermost word\r\n';
  for (let level = 0; level < depth; level += 1) {
    source = `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n${source}\r\n--b${level}--\r\n`;
  }
  return source;
}

export const BROKEN_MAILS: BrokenMail[] = [
  {
    what: 'EUC-KR that calls itself us-ascii',
    subject: 'euc-kr as ascii',
    source: (from) => bytes(head(from, 'euc-kr as ascii'), typed('text/plain; charset=us-ascii', '7bit'), KOREAN),
    ...{ says: '환불해 주세요', damaged: false },
  },
  {
    what: 'CP949 that calls itself UTF-8',
    subject: 'cp949 as utf-8',
    source: (from) => bytes(head(from, 'cp949 as utf-8'), typed('text/plain; charset=UTF-8'), CP949),
    ...{ says: '똠방각하', damaged: false },
  },
  {
    what: 'EUC-KR in a subject without any word on it',
    subject: '환불해 주세요',
    source: (from) => bytes(`From: ${/<.*>/.exec(from)?.[0]}\r\nSubject: `, KOREAN, '\r\n\r\nhello'),
    ...{ says: 'hello', damaged: false },
  },
  {
    what: 'a character set that does not exist',
    subject: 'unknown charset',
    source: (from) => bytes(head(from, 'unknown charset'), typed('text/plain; charset=x-martian'), '안녕하세요'),
    ...{ says: '안녕하세요', damaged: false },
  },
  {
    what: 'Latin that is Latin stays so',
    subject: 'latin',
    source: (from) =>
      bytes(head(from, 'latin'), typed('text/plain; charset=iso-8859-1'), Uint8Array.from([0x63, 0x61, 0x66, 0xe9])),
    ...{ says: 'café', damaged: false },
  },
  {
    what: 'bytes that are no text',
    subject: 'noise',
    source: (from) =>
      bytes(
        head(from, 'noise'),
        typed('text/plain; charset=utf-8'),
        'before ',
        Uint8Array.from([0xff, 0xfe, 0x81, 0x20]),
        ' after',
      ),
    ...{ says: 'before', damaged: false },
  },
  {
    what: 'a boundary that never ends',
    subject: 'unterminated',
    source: (from) =>
      bytes(head(from, 'unterminated'), typed('multipart/mixed; boundary=edge'), '--edge\r\n\r\nthe only part'),
    ...{ says: 'the only part', damaged: false },
  },
  {
    what: 'a boundary that nobody named',
    subject: 'no boundary',
    source: (from) => bytes(head(from, 'no boundary'), typed('multipart/mixed'), 'words without a part'),
    ...{ says: '', damaged: false },
  },
  {
    what: 'a line of 10 MB',
    subject: 'long line',
    source: (from) => bytes(head(from, 'long line'), '\r\n', 'begin ', 'x'.repeat(10 * 1024 * 1024)),
    ...{ says: 'begin xxx', damaged: false },
  },
  {
    what: 'multiparts, 100 deep',
    subject: 'nested',
    source: (from) => bytes(head(from, 'nested', 'MIME-Version: 1.0\r\n'), nested(100)),
    ...{ says: 'the innermost word', damaged: false },
  },
  {
    what: 'multiparts, 1,000 deep',
    subject: 'nested deeper',
    source: (from) => bytes(head(from, 'nested deeper', 'MIME-Version: 1.0\r\n'), nested(1000)),
    ...{ says: 'multipart/mixed', damaged: true },
  },
  {
    what: 'a head of 3 MB',
    subject: 'long head',
    source: (from) => bytes(head(from, 'long head'), `X-Long: ${'y '.repeat(1_500_000)}\r\n\r\nthe body`),
    ...{ says: 'the body', damaged: true },
  },
  {
    what: 'NUL and control bytes',
    subject: 'nul',
    source: (from) => bytes(head(from, 'nul'), '\r\n', 'one\u0007two three\0four'),
    ...{ says: 'onetwo three', damaged: true },
  },
  {
    what: 'no headers but a subject',
    subject: 'no headers',
    source: () => bytes('Subject: no headers\r\n\r\nwho wrote this'),
    ...{ says: 'who wrote this', damaged: false, nobodys: true },
  },
  {
    what: 'base64 that is none',
    subject: 'bad base64',
    source: (from) =>
      bytes(head(from, 'bad base64'), typed('text/plain; charset=utf-8', 'base64'), 'aGVs*bG8!!=gd29ybGQ\r\n@@@'),
    ...{ says: 'hello', damaged: false },
  },
  {
    what: 'half of a sign, and quoted-printable that is none',
    subject: 'bad qp',
    source: (from) =>
      bytes(head(from, 'bad qp'), typed('text/plain; charset=utf-8', 'quoted-printable'), 'a=ZZb=ED=A0=80c'),
    ...{ says: 'b', damaged: false },
  },
];
