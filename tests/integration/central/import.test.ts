import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdminCall } from '../../../src/central/cli/client.ts';
import { IMPORT_COMMAND } from '../../../src/central/cli/import-command.ts';
import { AdminImport, AdminImportPage } from '../../../src/shared/central-admin-api.ts';
import type { ContactPoint } from '../../../src/shared/contact-point.ts';
import type { Customer } from '../../../src/shared/customer.ts';
import { newId } from '../../../src/shared/ids.ts';
import { hostileStrings, namesOfEveryLength, UNSTORABLE } from '../../fakes/hostile-strings.ts';
import { codeOf, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores, onPostgres } from './stores.ts';

onBothStores('an import of customers', (store) => {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-import-'));
  let centre: TestCentre;
  let desk: TestDesk;
  beforeAll(async () => {
    centre = await store.start();
    writeFileSync(join(folder, 'admin-token'), centre.adminToken);
    const field = { entity: 'customer', choices: [], order: 1 };
    const label = (ko: string) => ({ ko, en: ko });
    await centre.admin('PUT', 'custom-fields', { ...field, key: 'lines', type: 'number', label: label('회선 수') });
    await centre.admin('PUT', 'custom-fields', { ...field, key: 'memo', type: 'text', label: label('메모') });
    const plan = { ...field, key: 'plan', type: 'choice', choices: ['기본', '프리미엄'], label: label('요금제') };
    await centre.admin('PUT', 'custom-fields', plan);
    const interests = { ...field, key: 'interests', type: 'choices', label: label('관심사') };
    const names = { 골프: { ko: '골프', en: 'Golf' } };
    await centre.admin('PUT', 'custom-fields', {
      ...{ ...interests, choices: ['골프', '여행', '영화/음악'], choiceNames: names },
    });
    desk = await centre.desk('kim');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The command as an administrator types it: what it said, or why it failed. */
  const run = async (file: string, options: Record<string, string | boolean> = {}) => {
    const call = createAdminCall(centre.url, join(folder, 'admin-token'));
    return IMPORT_COMMAND.run(call, options, [file]).catch((error: Error) => `FAILED ${error.message}`);
  };
  const write = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const customers = async () => (await desk.snapshot('customer')).map(({ data }) => data as Customer);
  const named = async (number: string) => (await customers()).find((one) => one.customerNumber === number);
  const pointsOf = async (customerId: string | undefined) =>
    (await desk.snapshot('contact_point'))
      .map(({ data }) => data as ContactPoint)
      .filter((one) => one.customerId === customerId);

  it('columns are known by what people call them, own fields like built-in ones; the same file again changes nothing', async () => {
    const file = write(
      'a.csv',
      '\uFEFF고객번호,이름,휴대폰,집 전화,E-mail,등급,생년월일,회선 수,요금제\r\n' +
        'A-1,홍길동,1000001234,02-345-6789,hong@example.com,골드,1980. 1. 5.,"1,200",프리미엄\r\n' +
        'A-2,"김하나, 주식회사",+82 10 0000 5678,,,,20260131,3,\r\n',
    );
    const said = await run(file);
    expect(said).toContain('휴대폰 -> phone');
    expect(said).toContain('회선 수 -> custom.lines');
    // What is shown at a terminal is masked.
    expect(said).not.toContain('홍길동');
    expect(said).not.toContain('hong@');
    expect(said).toMatch(/2 customers new or changed, 0 unchanged, 4 numbers and addresses/);
    const hong = await named('A-1');
    const facts = { name: '홍길동', tier: 'gold', birthday: '1980-01-05', custom: { lines: 1200, plan: '프리미엄' } };
    expect(hong).toMatchObject(facts);
    // A spreadsheet had taken the number for a number.
    expect((await pointsOf(hong?.id)).map(({ e164, value }) => e164 ?? value).toSorted()).toEqual(
      ['+821000001234', '+8223456789', 'hong@example.com'].toSorted(),
    );
    expect(await run(file)).toMatch(/0 customers new or changed, 2 unchanged, 0 numbers/);
  });

  it('a workbook with formulas, dates and numbers as cells is read like the same CSV', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: '고객',
          rows: [
            ['고객번호', '성명', '연락처', '생일', '회선 수', '메모'],
            [20001, '이두리', 1000007777, new Date(Date.UTC(1990, 4, 6)), 7, '=1+1'],
            [20002, '박세찌', '010-0000-7778', '1991/5/6', '8', null],
          ],
        },
      ],
    });
    expect(await run(write('b.xlsx', bytes))).toMatch(/2 customers new or changed/);
    const lee = await named('20001');
    expect(lee).toMatchObject({ name: '이두리', birthday: '1990-05-06', custom: { lines: 7, memo: '=1+1' } });
    expect(await pointsOf(lee?.id)).toMatchObject([{ e164: '+821000007777' }]);
    expect(await run(join(folder, 'b.xlsx'))).toMatch(/0 customers new or changed, 2 unchanged/);
  });

  it('one bad row and nothing is imported; the bad ones are named masked, and come in a file that can be mended', async () => {
    const rows = [
      '고객번호,이름,전화,생일,회선 수,요금제,메모',
      'C-1,최하나,010-0000-2001,1980-01-01,1,기본,=cmd|calc',
      'C-2,최두리,전화 없음,1980-01-01,1,기본,',
      'C-3,최세찌,010-0000-2003,어제,많음,특별,',
      'C-4,,010-0000-2004,,,,',
      'C-1,최하나,010-0000-2001,1980-01-01,1,기본,=cmd|calc',
      'C-1,최다섯,010-0000-2005,,,,',
      'C-6,최여섯,010-0000-2006,,,,,too,many',
    ];
    const file = write('c.csv', rows.join('\n'));
    const said = await run(file);
    expect(said).toMatch(/^FAILED/);
    expect(said).toContain('row 3: 전화 전화***: not a phone number');
    expect(said).toContain('row 4: 생일 어***: not a birthday');
    expect(said).toContain('row 4: 회선 수 많***: not a number');
    expect(said).toContain('none of its choices: 기본, 프리미엄');
    expect(said).toContain('row 5: 이름 (empty): missing');
    expect(said).toContain('1 rows only repeat an earlier one');
    expect(said).toContain('row 7: 고객번호 C***: row 2 has the same number, and says something else');
    expect(said).toContain('row 8: t***: more cells than the first line has columns');
    expect(said).not.toContain('최두리');
    expect(said).toContain('nothing was imported');
    expect(await named('C-1')).toBeUndefined();
    const bad = readFileSync(`${file}.bad.csv`, 'utf8');
    expect(statSync(`${file}.bad.csv`).mode & 0o777).toBe(0o600);
    expect(bad).toContain('C-2,최두리,전화 없음,1980-01-01,1,기본,,3,전화: not a phone number');
    // Mended in a spreadsheet and imported: the notes are left out.
    const mended = bad.split('\r\n').filter((line) => /^\uFEFF|^C-2/.test(line));
    expect(await run(write('d.csv', mended.join('\r\n').replace('전화 없음', '010-0000-2002')))).toMatch(
      /1 customers new/,
    );
    expect(await named('C-2')).toMatchObject({ name: '최두리' });
    // Or without them, knowingly. What looks like a formula is a text.
    expect(await run(file, { 'skip-bad': true })).toMatch(/1 customers new or changed, 0 unchanged/);
    expect(await named('C-1')).toMatchObject({ name: '최하나', custom: { memo: '=cmd|calc' } });
  });

  it.each(['골프;여행', '골프, 여행', '골프|여행', '여행 / golf', '골프\n여행', '골프;여행;골프;'])(
    'several choices stand in one cell, parted as people part them: %j',
    async (cell) => {
      const number = `M-${newId()}`;
      const file = write('m.csv', `고객번호,이름,관심사\n${number},최하나,"${cell}"\n`);
      expect(await run(file)).toMatch(/1 customers new or changed/);
      const list = (await named(number))?.custom.interests;
      expect(Array.isArray(list) && list.toSorted()).toEqual(['골프', '여행']);
    },
  );

  it('a choice with a sign in its name is one; what is none makes its row bad, says which part, and shows it to no terminal', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: '고객',
          rows: [
            ['고객번호', '이름', 'interests'],
            ['M-1', '최하나', '영화/음악; 골프'],
            ['M-2', '최두리', '골프, 비밀모임'],
          ],
        },
      ],
    });
    const said = await run(write('m.xlsx', bytes), { 'skip-bad': true });
    expect((await named('M-1'))?.custom).toEqual({ interests: ['영화/음악', '골프'] });
    expect(await named('M-2')).toBeUndefined();
    expect(said).toContain('part 2 of it is none of its choices: 골프, 여행, 영화/음악');
    expect(said).not.toContain('비밀모임');
  });

  it('a dry run says what would happen and leaves nothing', async () => {
    const before = (await customers()).length;
    const file = write('e.csv', '고객번호,이름\nA-1,홍길동\nE-1,새사람\n');
    expect(await run(file, { 'dry-run': true })).toContain('1 new customers, 1 known by their number; dry run');
    expect((await customers()).length).toBe(before);
  });

  it('a column that nobody knows stops it, until it is mapped or left out', async () => {
    const file = write('f.csv', '번호;고객 성함;비고\nF-1;정하나;x\n');
    expect(await run(file)).toMatch(/FAILED these columns are of no field: 번호, 고객 성함, 비고.*--map/);
    expect(await run(file, { map: '번호=nonsense' })).toMatch(/there is no field "nonsense"/);
    expect(await run(file, { map: '없음=name' })).toMatch(/there is no column "없음"/);
    expect(await run(file, { map: '번호=customerNumber,고객 성함=name,비고=-' })).toMatch(/1 customers new/);
  });

  // "홍길동" as CP949.
  const hong = Buffer.from([0xc8, 0xab, 0xb1, 0xe6, 0xb5, 0xbf]);
  const table = 'customerNumber,name\nG-1,홍길동\n';
  const cp949 = (end: Uint8Array) => Buffer.concat([Buffer.from('customerNumber,name\nG-1,'), end, Buffer.from('\n')]);
  const swapped = Buffer.from(`\uFEFF${table}`, 'utf16le').swap16();
  it.each<[string, Uint8Array, string]>([
    ['UTF-8', Buffer.from(table), 'CSV, UTF-8'],
    ['UTF-8 with its mark', Buffer.from(`\uFEFF${table}`), 'CSV, UTF-8'],
    ['UTF-16', Buffer.from(`\uFEFF${table}`, 'utf16le'), 'CSV, UTF-16'],
    ['UTF-16 without its mark', Buffer.from(table, 'utf16le'), 'CSV, UTF-16'],
    ['UTF-16, big end first', swapped, 'CSV, UTF-16'],
    ['CP949', cp949(hong), 'CSV, Korean (CP949)'],
    [
      'CP949 with a syllable beyond KS X 1001',
      cp949(Buffer.concat([hong, Buffer.from([0x8c, 0x63])])),
      'CSV, Korean (CP949)',
    ],
  ])('%s is read', async (_, bytes, kind) => {
    const said = await run(write('g.csv', bytes));
    expect(said).toContain(kind);
    expect(said).toMatch(/customers new or changed/);
    expect((await named('G-1'))?.name).toMatch(/^홍길동/);
  });

  it('a broken character makes its row bad, not the file another encoding', async () => {
    const text = Buffer.from('customerNumber,name\nH-1,홍길동\nH-2,임꺽정\n');
    text[text.indexOf('꺽')] = 0xff;
    const said = await run(write('h.csv', text));
    expect(said).toContain('CSV, UTF-8, with');
    expect(said).toMatch(/row 3: name .*: a character that cannot be read/);
    expect(await named('H-1')).toBeUndefined();
    const noise = Buffer.from([0xff, 0x80, 0x00, 0x81, 0x20, 0x2c, 0xff]);
    expect(await run(write('i.csv', noise))).toMatch(/FAILED .*neither UTF-8 nor Korean/);
    expect(await run(write('j.xlsx', Buffer.from('PK\u0003\u0004 no zip')))).toMatch(/^FAILED .*j\.xlsx: /);
    expect(await run(write('k.csv', ''))).toMatch(/FAILED the file has no line/);
    expect(await run(write('l.csv', 'customerNumber,name\nL-1,"open'))).toMatch(
      /FAILED .*line 2: a quoted field is not closed/,
    );
  });

  it('names of 1 to 200 characters and the 300 hostile strings come through a file unharmed', async () => {
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const texts = [...namesOfEveryLength(), ...hostileStrings()];
    const rows = texts.map((text, i) => `HS-${i},${quote(text)},${quote(text)}`);
    expect(await run(write('m.csv', ['customerNumber,name,메모', ...rows].join('\n')))).toMatch(/500 customers new/);
    const found = new Map((await customers()).map((one) => [one.customerNumber, one]));
    for (const [i, text] of texts.entries()) {
      expect(found.get(`HS-${i}`)).toMatchObject({ name: text.trim(), custom: { memo: text.trim() } });
    }
  });

  it('what no database holds is refused row by row, by an import and by a page of customers', async () => {
    const id = newId();
    const begun = await centre.admin('PUT', `imports/${id}`);
    expect(AdminImport.parse(begun)).toMatchObject({ state: 'waiting', rows: 0 });
    const rows = UNSTORABLE.map((name, i) => ({ row: i + 2, customer: { customerNumber: `U-${i}`, name } }));
    const good = { row: 99, customer: { customerNumber: 'U-99', name: '\\u0000 홍길동' } };
    const page = AdminImportPage.parse(await centre.admin('POST', `imports/${id}/rows`, { rows: [...rows, good] }));
    expect(page.errors.map(({ row, detail }) => [row, detail])).toEqual(
      rows.map(({ row }) => [row, 'name: has a character that is none']),
    );
    const answer = await centre.admin('POST', 'customers', { customers: rows.map(({ customer }) => customer) });
    expect(answer).toMatchObject({ changed: 0, errors: rows.map((_, index) => ({ index })) });
    // The same page again is the same rows.
    await centre.admin('POST', `imports/${id}/rows`, { rows: [good] });
    expect(await centre.admin('GET', `imports/${id}`)).toMatchObject({ state: 'waiting', rows: 1, known: 0 });
    await centre.admin('DELETE', `imports/${id}`);
    const gone = await centre.call('GET', `/v1/admin/imports/${id}`, { token: centre.adminToken });
    expect([gone.status, codeOf(gone)]).toEqual([404, 'NOT_FOUND']);
  });

  it('desks hear of it when it is done, and of none of it before', async () => {
    const { cursor } = await desk.start();
    const id = newId();
    await centre.admin('PUT', `imports/${id}`);
    const rows = Array.from({ length: 500 }, (_, i) => ({
      row: i + 2,
      customer: { customerNumber: `N-${i}`, name: '새사람' },
    }));
    await centre.admin('POST', `imports/${id}/rows`, { rows });
    expect((await desk.pullAll(cursor)).rows).toEqual([]);
    let now = AdminImport.parse(await centre.admin('POST', `imports/${id}/commit`));
    while (now.state === 'writing') now = AdminImport.parse(await centre.admin('GET', `imports/${id}`));
    expect(now).toMatchObject({ state: 'done', changed: 500, unchanged: 0 });
    expect((await desk.pullAll(cursor)).rows).toHaveLength(500);
    // A repeat of the commit is none.
    expect(await centre.admin('POST', `imports/${id}/commit`)).toMatchObject({ state: 'done', changed: 500 });
    const late = { token: centre.adminToken, body: { rows } };
    expect(codeOf(await centre.call('POST', `/v1/admin/imports/${id}/rows`, late))).toBe('CHANGED_MEANWHILE');
  });
});

onPostgres('an import that is cut', (store) => {
  it('a centre that stops while it writes leaves nothing of it; the import goes on where it waited', async () => {
    const databaseUrl = await store.newDatabase();
    const first = await store.start({ databaseUrl });
    const id = newId();
    await first.admin('PUT', `imports/${id}`);
    for (let from = 0; from < 3000; from += 500) {
      const rows = Array.from({ length: 500 }, (_, i) => ({
        row: from + i + 2,
        customer: {
          customerNumber: `K-${String(from + i).padStart(5, '0')}`,
          name: '홍길동',
          phones: ['010-0000-0001'],
        },
      }));
      await first.admin('POST', `imports/${id}/rows`, { rows });
    }
    let then = AdminImport.parse(await first.admin('POST', `imports/${id}/commit`));
    // In the midst of it: something is written.
    while (then.state === 'writing' && then.written === 0) {
      then = AdminImport.parse(await first.admin('GET', `imports/${id}`));
    }
    await first.close();
    const second = await store.start({ databaseUrl });
    const desk = await second.desk('kim');
    const state = AdminImport.parse(await second.admin('GET', `imports/${id}`));
    // All of it where the end came before the stop; else nothing.
    expect(await desk.snapshot('customer')).toHaveLength(state.state === 'done' ? 3000 : 0);
    let now = AdminImport.parse(await second.admin('POST', `imports/${id}/commit`));
    while (now.state === 'writing') now = AdminImport.parse(await second.admin('GET', `imports/${id}`));
    expect(now).toMatchObject({ state: 'done', changed: 3000, contactPoints: 3000 });
    expect(await desk.snapshot('customer')).toHaveLength(3000);
  });

  it('the words of somebody who is erased wait in no import', async () => {
    const centre = await store.start();
    const desk = await centre.desk('kim');
    const begin = async (number: string) => {
      const id = newId();
      await centre.admin('PUT', `imports/${id}`);
      const rows = [{ row: 2, customer: { customerNumber: number, name: '홍길동' } }];
      await centre.admin('POST', `imports/${id}/rows`, { rows });
      return id;
    };
    await centre.admin('POST', 'customers', { customers: [{ customerNumber: 'Z-1', name: '홍길동' }] });
    const [customer] = await desk.snapshot('customer');
    const erased = await begin('Z-1');
    await centre.admin('DELETE', `customers/${customer?.id}`);
    expect(await centre.admin('GET', `imports/${erased}`)).toMatchObject({ rows: 0 });
  });
});
