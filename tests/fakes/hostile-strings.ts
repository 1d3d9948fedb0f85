// What people, files and attackers put into fields: each is a text like any other, and comes back as it was.

const BASE = [
  ...[
    `'; DROP TABLE record; --`,
    `" OR 1=1 --`,
    `') UNION SELECT * FROM account --`,
    `%' OR '1'='1`,
    `\\'; SELECT pg_sleep(9)--`,
  ],
  ...[
    'name:* OR NEAR(a b)',
    '"unbalanced',
    'a* AND NOT b',
    '{grams rest} : x',
    '^초성 -홍',
    '{"$ne":null}',
    '$1',
    '?',
    ':name',
  ],
  ...[
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '<b onmouseover=x>',
    '&lt;b&gt;&amp;&#0;',
    '</textarea>',
  ],
  ...[
    'javascript:alert(1)',
    '[x](javascript:alert(1))',
    '<!--',
    ']]>',
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>&b;',
  ],
  ...[
    `=cmd|' /C calc'!A0`,
    '=HYPERLINK("http://x.example","y")',
    '+82-10-0000-1234',
    '-1+1',
    '@SUM(1)',
    '=1+1',
    '\t=1+1',
  ],
  ...[
    '../../etc/passwd',
    '..\\..\\windows',
    'C:\\CON',
    '/dev/null',
    '~root',
    'file:///etc/passwd',
    'a/b?c=d#e',
    '%2e%2e%2f',
    '%00',
  ],
  ...[
    '{{customer}}',
    '{{constructor.constructor("x")()}}',
    '$' + '{7*7}',
    '#{7*7}',
    '<%= 7*7 %>',
    '%s%n%x',
    '{0}',
    '`id`',
    '$(id)',
    '; ls',
    '| cat',
  ],
  ...[
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '__proto__',
    'constructor',
    'toString',
    'true',
    '0',
    '-0',
    '1e999',
    '0x10',
    '2026-02-30',
  ],
  ...[
    '\u202Etxt.exe',
    '\u2066a\u2069b',
    '\u200B',
    'a\u200Db',
    '\uFEFFa',
    'a\u00A0b',
    '\u2028',
    'a\u2029b',
    '\u00AD',
    'a\u0000b'.replace('\u0000', '\u0001'),
  ],
  ...[
    '\u001B[31mred',
    '\u0007',
    'a\rb',
    'a\r\nb',
    'a\tb',
    'a\nb',
    '\u007F',
    '\u0085',
    '\uFFFE',
    '\uFFFF',
    '\u{10FFFF}',
  ],
  ...[
    '홍길동',
    'ㅎㄱㄷ',
    '\u1112\u1169\u11BC',
    'ᄒᆞᆫ글',
    '한'.normalize('NFD'),
    '똠방각하 펲시콜라',
    '갂갃',
    '李舜臣',
    '𠮷野家',
    'さくら',
    'ｱｲｳ',
    'Ａ１',
  ],
  ...[
    'محمد',
    'עברית',
    'ไทยภาษา',
    'हिन्दी',
    'தமிழ்',
    'Ελληνικά',
    'Ünïcödé',
    'I\u0307ıİi',
    'ﬁ ß ẞ',
    'Z\u0351\u036B\u0343a\u0328\u0321l\u0358',
    '👩‍👩‍👧‍👦',
    '🇰🇷',
    '👍🏽',
    '☃️',
  ],
  ...[
    'O’Brien',
    "O'Brien",
    'Jr., John',
    'a;b',
    'a,b',
    'a"b',
    '""',
    "''",
    '\\',
    '\\\\',
    '\\n',
    '\\u0000',
    '\\x00',
    '/',
    '#',
    '--',
    '...',
    '{}',
    '[]',
    '()',
    '%',
    '_',
    '*',
    '!',
  ],
];

/** The 300: as they are, in the midst of a name, quoted. All of them can be stored, and none is empty or longer than 200 characters. */
export function hostileStrings(): string[] {
  const long = [
    '가'.repeat(200),
    '👍'.repeat(100),
    'a\u0301'.repeat(100),
    '"'.repeat(200),
    '\\'.repeat(200),
    'ﷺ'.repeat(200),
  ];
  const all = [...BASE, ...long, ...BASE.map((text) => `홍${text}동`), ...BASE.map((text) => `"${text}"`)];
  const whole = all.filter((text) => text.trim() !== '');
  return [...new Set(whole)].slice(0, 300);
}

/** What no database holds: U+0000 and halves of characters. To be refused in words. */
export const UNSTORABLE = ['a\u0000b', '\uD83D', 'a\uDC00', '\uDC00\uD83D'];

/** Names of 1 to 200 characters, each length in the letters of another script. */
export function namesOfEveryLength(): string[] {
  const scripts = [
    '가나다라마',
    'abcÀß',
    '漢字李𠮷',
    'かなカナー',
    'محمد',
    'עברית',
    'ไทยที่',
    'हिन्दी',
    'Ελλάδα',
    'Кирил',
    '👍🏽🇰🇷',
    'ᄒ\u1161\u11ABㅎㄱ',
  ];
  return Array.from({ length: 200 }, (_, i) => {
    const letters = [...(scripts[i % scripts.length] ?? '')];
    let name = '';
    for (let at = 0; name.length < i + 1; at += 1) name += letters[at % letters.length];
    // Half of a character is none: a letter in its place.
    return name.length > i + 1 ? `${name.slice(0, i)}x` : name;
  });
}
