import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expireAssignments } from '../../../src/central/assignments.ts';
import { migrate } from '../../../src/central/db/migrate.ts';
import { openPglite } from '../../../src/central/db/store.ts';
import { SignInResponse } from '../../../src/shared/central-api.ts';
import { newId } from '../../../src/shared/ids.ts';
import { PushResponse, type SyncRow } from '../../../src/shared/sync-wire.ts';
import { hostStart, openPortDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { codeOf, newCall, newCustomer, newNote, PASSWORD, type TestCentre, TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

const FORM = {
  ...{ name: '단골상사', currency: 'KRW', wrapUpSeconds: 30 },
  policy: {
    ...{ timeZone: 'Asia/Seoul', country: 'KR', marketingFromMinute: 480, marketingToMinute: 1260 },
    ...{ consentMaxAgeDays: 730, doNotCallMaxAgeHours: 24 },
  },
};

onBothStores('what a desk holds', (store) => {
  let centre: TestCentre;
  let kim: TestDesk;
  let lee: TestDesk;
  let lead: TestDesk;
  let boss: TestDesk;
  let number = 0;

  const seat = async (login: string, role: string, team: string | null, deviceId = newId()) => {
    await centre.admin('PUT', 'users', { login, name: `상담사 ${login}`, role, team, password: PASSWORD });
    const answer = await centre.call('POST', '/v1/sign-in', { body: { login, password: PASSWORD, deviceId } });
    return new TestDesk(centre, SignInResponse.parse(answer.json), deviceId);
  };
  const holds = (deskHolds: 'all' | 'team' | 'assigned') => centre.admin('PUT', 'business', { ...FORM, deskHolds });
  const assign = (customerNumber: string, login: string, more: object = {}) =>
    centre.admin('PUT', 'assignments', { customerNumber, login, ...more });
  /** A customer whom nobody dealt with, with a call and a note of the administrator. */
  const customer = async () => {
    number += 1;
    const customerNumber = `T-${number}`;
    const page = { customers: [{ customerNumber, name: `손님 ${number}`, phones: ['010-0000-4000'] }] };
    await centre.admin('POST', 'customers', page);
    const row = (await boss.snapshot('customer')).find(
      (one) => one.table === 'customer' && one.data?.customerNumber === customerNumber,
    );
    return { id: row?.id ?? '', customerNumber };
  };
  const idsOf = async (desk: TestDesk) => (await desk.snapshot('customer')).map(({ id }) => id);

  beforeAll(async () => {
    centre = await store.start();
    for (const name of ['1팀', '2팀']) await centre.admin('PUT', 'teams', { name });
    kim = await seat('kim', 'agent', '1팀');
    lee = await seat('lee', 'agent', '2팀');
    lead = await seat('lead', 'supervisor', '1팀');
    boss = await seat('boss', 'administrator', null);
  });
  beforeEach(() => holds('assigned'));

  it('is the agent’s own customers, the catalogue, and nobody else’s; a supervisor has the team’s, an administrator all', async () => {
    const [mine, other] = [await customer(), await customer()];
    await assign(mine.customerNumber, 'kim');
    await assign(other.customerNumber, 'lee');
    const has = async (desk: TestDesk) => {
      const ids = await idsOf(desk);
      return [ids.includes(mine.id), ids.includes(other.id)];
    };
    expect(await has(kim)).toEqual([true, false]);
    expect(await has(lee)).toEqual([false, true]);
    expect(await has(lead)).toEqual([true, false]);
    expect(await has(boss)).toEqual([true, true]);
    const points = await kim.snapshot('contact_point');
    expect(points.map((row) => row.table === 'contact_point' && row.data?.customerId)).not.toContain(other.id);
    expect((await kim.snapshot('team')).length).toBe(2);
    await holds('all');
    expect(await has(kim)).toEqual([true, true]);
  });

  it('is both of two who are merged, wherever one of them was, also when they are parted again', async () => {
    const [mine, other] = [await customer(), await customer()];
    await assign(mine.customerNumber, 'kim');
    await assign(other.customerNumber, 'lee');
    const note = newNote('메모', other.id);
    await boss.do(note);
    const mergeId = newId();
    const cursor = (await kim.start()).cursor;
    await boss.do({ kind: 'customer.merge', mergeId, customerId: mine.id, goneId: other.id, fields: [] });
    // Who had only the one who went has the one who has it all.
    expect(await idsOf(lee)).toEqual(expect.arrayContaining([mine.id]));
    const news = await kim.pullAll(cursor);
    expect(news.rows.map(({ id }) => id)).toContain(note.noteId);
    await boss.do({ kind: 'customer.unmerge', mergeId, customerId: mine.id, goneId: other.id });
    // Nobody keeps a note under a customer whom it is no longer of.
    const after = await kim.pullAll(news.cursor);
    expect(after.rows.find(({ id }) => id === note.noteId)?.data).toMatchObject({ customerId: other.id });
    expect(await idsOf(kim)).toEqual(expect.arrayContaining([mine.id, other.id]));
    await boss.do({ kind: 'customer.merge', mergeId: newId(), customerId: mine.id, goneId: other.id, fields: [] });
    await assign(other.customerNumber, 'lead');
    expect(await idsOf(lead)).toEqual(expect.arrayContaining([mine.id]));
  });

  it('grows with the feed: whoever is assigned comes whole, the customer first; whoever is let go leaves as a deletion', async () => {
    const one = await customer();
    const { cursor } = await kim.start();
    await assign(one.customerNumber, 'kim', { list: '해피콜 11월' });
    const came = await kim.pullAll(cursor);
    const theirs = came.rows.filter((row) => row.id === one.id || JSON.stringify(row.data).includes(one.id));
    expect(theirs.map(({ table }) => table)).toEqual(['customer', 'contact_point']);
    const other = await lee.pullAll((await lee.start()).cursor);
    await assign(one.customerNumber, 'kim', { list: '해피콜 11월', active: false });
    const gone = await kim.pullAll(came.cursor);
    expect(gone.rows).toEqual([
      { table: 'customer', id: one.id, version: (theirs[0]?.version ?? 0) + 1, deleted: true, left: true, data: null },
    ]);
    expect((await lee.pullAll(other.cursor)).rows).toEqual([]);
    // And comes back newer than they left.
    await assign(one.customerNumber, 'kim');
    const back = (await kim.pullAll(gone.cursor)).rows.find(({ id }) => id === one.id) as SyncRow;
    expect(back).toMatchObject({ deleted: false });
    expect(back.version).toBeGreaterThan(gone.rows[0]?.version ?? 0);
    expect((await kim.pull(gone.cursor)).epoch).toBe((await kim.start()).epoch);
  });

  it('C13 every desk hears of every erasure: the one that holds the customer, and the one that let them go before', async () => {
    const [held, former] = [await customer(), await customer()];
    for (const { customerNumber } of [held, former]) await assign(customerNumber, 'kim');
    await assign(former.customerNumber, 'kim', { active: false });
    const { cursor } = await kim.pullAll((await kim.start()).cursor);
    for (const { id } of [held, former]) await centre.admin('DELETE', `customers/${id}`);
    const gone = (await kim.pullAll(cursor)).rows;
    // Nothing but that they are gone.
    for (const { id } of [held, former]) {
      expect(gone.filter((row) => row.id === id)).toEqual([
        { table: 'customer', id, version: expect.any(Number), deleted: true, data: null },
      ]);
    }
    expect(await idsOf(kim)).not.toContain(held.id);
  });

  it('C14 a call and its note that go over to somebody whom the desk does not hold leave it; whoever holds them has them', async () => {
    const [mine, other] = [await customer(), await customer()];
    await assign(mine.customerNumber, 'kim');
    await assign(other.customerNumber, 'lee');
    const call = newCall(mine.id);
    const note = { ...newNote('통화한 사람이 다른 고객', mine.id), interactionId: call.interactionId };
    for (const act of [call, note]) await boss.do(act);
    const before = await kim.pullAll((await kim.start()).cursor);
    const seen = await kim.snapshot('interaction');
    expect(seen.map(({ id }) => id)).toContain(call.interactionId);
    const [all, theirs] = [(await boss.start()).cursor, (await lee.start()).cursor];
    await boss.do(newCall(other.id, call.interactionId));
    const gone = { version: 1, deleted: true, left: true, data: null };
    expect((await kim.pullAll(before.cursor)).rows.toSorted((a, b) => (a.table < b.table ? -1 : 1))).toEqual([
      { table: 'interaction', id: call.interactionId, ...gone },
      { table: 'note', id: note.noteId, ...gone },
    ]);
    for (const [desk, cursor] of [
      [boss, all],
      [lee, theirs],
    ] as const) {
      const rows = (await desk.pullAll(cursor)).rows.filter(({ table }) => table === 'interaction' || table === 'note');
      expect(rows.map(({ deleted }) => deleted)).toEqual([false, false]);
    }
  });

  it('C14 only desks that may hold a row hear that it left: a call that is tied to its customer later is news to nobody else', async () => {
    const other = await customer();
    await assign(other.customerNumber, 'lee');
    const [mine, theirs, teams] = await Promise.all([kim, lee, lead].map(async (desk) => (await desk.start()).cursor));
    const calls = (rows: SyncRow[]) => rows.filter(({ table }) => table === 'interaction' || table === 'note');
    const news = async (desk: TestDesk, cursor = '') => calls((await desk.pullAll(cursor)).rows);
    for (let n = 0; n < 20; n += 1) {
      const { interactionId } = newCall();
      for (const customerId of [null, other.id]) await lee.do(newCall(customerId, interactionId));
    }
    expect([await news(kim, mine), await news(lead, teams)]).toEqual([[], []]);
    expect((await news(lee, theirs)).map(({ deleted }) => deleted)).toEqual(Array(20).fill(false));
    // Whose it was while it was nobody's has to let it go, and so has their team.
    const { interactionId } = newCall();
    await kim.do(newCall(null, interactionId));
    const [held, led] = [await kim.pullAll(mine ?? ''), await lead.pullAll(teams ?? '')];
    for (const { rows } of [held, led]) expect(calls(rows)).toMatchObject([{ id: interactionId, deleted: false }]);
    await boss.do(newCall(other.id, interactionId));
    const gone = [{ table: 'interaction', id: interactionId, version: 1, deleted: true, left: true, data: null }];
    expect(await news(kim, held.cursor)).toEqual(gone);
    expect(await news(lead, led.cursor)).toEqual(gone);
    expect((await news(lee, theirs)).at(-1)).toMatchObject({ id: interactionId, deleted: false });
  });

  it('C15 a reply names those of its rows that whoever sits at the desk now does not hold', async () => {
    const [hers, both] = [newCustomer('김의 손님'), await customer()];
    for (const login of ['kim', 'lee']) await assign(both.customerNumber, login);
    const [note, shared] = [newNote('김의 메모', hers.customerId), newNote('모두의 메모', both.id)];
    const acts = [hers, note, shared, newNote('누구도 아닌', null)].map((payload) => kim.operation(payload));
    const outside = async (cursor?: string) => {
      const answer = await kim.pushRaw(acts, cursor === undefined ? {} : { cursor });
      return PushResponse.parse(answer.json).outside.toSorted();
    };
    const [mine, theirs] = [(await kim.start()).cursor, (await lee.start()).cursor];
    const [ofNobody] = acts.slice(-1).map(({ payload }) => payload);
    const notTheirs = [hers.customerId, hers.contactPoints[0]?.id, note.noteId];
    if (ofNobody?.kind === 'note.save') notTheirs.push(ofNobody.noteId);
    // Done now, sent again, and sent again by whoever else it is now.
    for (let again = 0; again < 2; again += 1) expect(await outside(theirs)).toEqual(notTheirs.toSorted());
    expect([await outside(mine), await outside()]).toEqual([[], []]);
    await assign(both.customerNumber, 'lee', { active: false });
    expect(await outside(theirs)).toEqual([...notTheirs, shared.noteId].toSorted());
    await holds('all');
    expect(await outside(theirs)).toEqual([]);
    expect(await outside((await kim.start()).cursor)).toEqual([]);
  });

  it('agents of a team in turn hold the same: also the calls of nobody', async () => {
    await holds('team');
    const park = await seat('park', 'agent', '1팀');
    const before = (await kim.start()).cursor;
    await park.do(newNote('팀의 누군지 모르는 통화', null));
    const texts = async (desk: TestDesk) => JSON.stringify(await desk.snapshot('note'));
    for (const desk of [kim, park, lead]) expect(await texts(desk)).toContain('팀의 누군지 모르는 통화');
    expect(await texts(lee)).not.toContain('팀의 누군지 모르는 통화');
    // One scope, one cursor: nothing is fetched anew when hands change within the team.
    expect(JSON.stringify((await park.pullAll(before)).rows)).toContain('팀의 누군지 모르는 통화');
  });

  it('has whom the agent dealt with lately; anybody is found by asking the centre', async () => {
    const one = await customer();
    expect(await idsOf(kim)).not.toContain(one.id);
    const body = { phone: '010-0000-4000' };
    const found = await centre.call('POST', '/v1/customers/lookup', { token: kim.session.accessToken, body });
    expect(JSON.stringify(found.json)).toContain(one.id);
    await kim.do(newCall(one.id));
    expect(await idsOf(kim)).toContain(one.id);
    expect(await idsOf(lee)).not.toContain(one.id);
  });

  it('the calls and notes of nobody are their agent’s alone', async () => {
    await kim.do(newCall(null));
    await kim.do(newNote('누군지 모르는 통화', null));
    const notes = async (desk: TestDesk) => JSON.stringify(await desk.snapshot('note'));
    expect(await notes(kim)).toContain('누군지 모르는 통화');
    expect(await notes(lee)).not.toContain('누군지 모르는 통화');
  });

  it('another agent at the same desk, or another policy, has it filled anew; a cursor crosses no scope', async () => {
    const { cursor } = await kim.start();
    expect(codeOf(await lee.get(`/v1/sync/changes?cursor=${cursor}`))).toBe('EPOCH_CHANGED');
    await holds('team');
    expect(codeOf(await kim.get(`/v1/sync/changes?cursor=${cursor}`))).toBe('EPOCH_CHANGED');
    await holds('assigned');
    expect((await kim.get(`/v1/sync/changes?cursor=${cursor}`)).status).toBe(200);
  });

  describe('on a real desk', () => {
    it('S15 a customer who leaves is gone with their rows, what was typed about them stays; they come back whole', async () => {
      const one = await customer();
      await assign(one.customerNumber, 'kim');
      const { folder, remove } = temporaryFolder();
      const desk = await openPortDesk(hostStart(folder, centre.url));
      try {
        await desk.api.session.signIn({ login: 'kim', password: PASSWORD });
        await until(async () => (await desk.api.sync.status({})).phase === 'idle', 'the first load');
        const text = `손님 ${number}`;
        const found = async () => (await desk.api.customer.search({ text })).candidates.some(({ id }) => id === one.id);
        expect(await found()).toBe(true);
        const draft = { noteId: newId(), callId: null, customerId: one.id, text: '쓰다 만 메모', revision: 1 };
        await desk.api.note.draft(draft);
        await assign(one.customerNumber, 'kim', { active: false });
        await until(async () => !(await found()), 'the customer leaves');
        expect((await desk.api.note.drafts({})).drafts).toMatchObject([{ text: '쓰다 만 메모' }]);
        await assign(one.customerNumber, 'kim');
        await until(found, 'the customer comes back');
      } finally {
        await desk.close();
        remove();
      }
    });
  });
});

it('what has run out ends by itself, and only that', async () => {
  const store = await openPglite(undefined);
  try {
    await migrate(store.db);
    const [holder, customerId] = [newId(), newId()];
    const at = (time: string) => new Date(`2026-11-23T${time}:00Z`);
    for (const [list, end] of [
      ['', at('09:00')],
      ['a', at('11:00')],
      ['b', null],
    ] as const) {
      const row = { holder, customer_id: customerId, reason: list === '' ? 'recent' : 'list', list, until: end };
      await store.db.insertInto('customer_assignment').values(row).execute();
    }
    expect(await expireAssignments(store.db, () => at('10:00').getTime())).toBe(1);
    expect(await store.db.selectFrom('customer_assignment').select('list').orderBy('list').execute()).toEqual([
      { list: 'a' },
      { list: 'b' },
    ]);
  } finally {
    await store.close();
  }
});
