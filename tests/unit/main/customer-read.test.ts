import { beforeEach, describe, expect, test } from 'vitest';
import { recordCall } from '../../../src/main/calls.ts';
import { type CustomerDoor, createCustomerDoor, read360 } from '../../../src/main/customer-360.ts';
import { createCustomer, pickCustomer } from '../../../src/main/customer-acts.ts';
import { MATCH } from '../../../src/main/customer-match.ts';
import { READ_360 } from '../../../src/main/customer-rows.ts';
import { GATE } from '../../../src/main/gate.ts';
import { saveNote } from '../../../src/main/notes.ts';
import { searchCustomers } from '../../../src/main/search.ts';
import { SEARCH } from '../../../src/main/search-statements.ts';
import { warmUpPop } from '../../../src/main/warm-up.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { SyncRow } from '../../../src/shared/sync-wire.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { accessLog, NOON, openTestContext, operations, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

let desk: TestContext;
let door: CustomerDoor;
beforeEach(() => {
  desk = openTestContext();
  door = createCustomerDoor(desk);
});

const ring = (phone: string | null, customerRef: string | null = null) =>
  door.openByPhone({ phone, customerRef, callId: newId(), direction: 'in' });
const view = (customerId: string) => door.readCustomer({ customerId, callId: null, unmasked: false }, null);

describe('who calls', () => {
  test('one customer is painted whole, masked, and the view is logged', () => {
    const result = ring('01000001001');
    if (result.match !== 'one') throw new Error(result.match);
    expect(result.view).toMatchObject({
      customer: { name: '김*수', tier: 'gold' },
      contactPoints: [{ value: '010-****-1001', e164: null, last8: null }],
      cases: [{ number: '1042' }],
      promises: [{ what: '환불 건 다시 전화', mark: 'centre' }],
      holdings: [{ product: { code: 'plus' } }],
      interactionCount: 25,
      unmasked: false,
      customFields: [{ key: 'shoeSize' }],
    });
    expect(result.view.timeline).toHaveLength(20);
    expect(result.view.timeline[0]).toMatchObject({ notes: [{ text: '요금제 변경 문의 1' }], mark: 'centre' });
    expect(accessLog(desk)).toMatchObject([{ action: 'view', customerId: SAMPLE.gold.id }]);
  });

  test.each([
    '+82 10-0000-1001',
    '0082 10 0000 1001',
    'tel:+821000001001;phone-context=x',
    '010.0000.1001',
    '1000001001',
  ])('however the network writes the number: %s', (phone) => expect(ring(phone).match).toBe('one'));

  test('an extension, a foreign number with the same end, and nobody are no match', () => {
    expect(ring('1001').match).toBe('none');
    expect(ring('+818000001001').match).toBe('none');
    expect(ring(SAMPLE.unknownPhone)).toMatchObject({ match: 'none' });
    expect(accessLog(desk)).toEqual([]);
  });

  test('a withheld number', () => {
    expect(ring(null)).toEqual({ match: 'withheld' });
  });

  test('the reference of the PBX goes first, by id or by printed number', () => {
    expect(ring(null, SAMPLE.gold.number)).toMatchObject({ match: 'one', view: { customer: { id: SAMPLE.gold.id } } });
    expect(ring('01000001002', SAMPLE.gold.id)).toMatchObject({ match: 'one' });
    expect(ring(null, 'C-0')).toEqual({ match: 'withheld' });
  });

  test('two people on one number: a choice, each look logged, and the answer remembered', () => {
    const first = ring('01000001002');
    if (first.match !== 'several') throw new Error(first.match);
    expect(first.candidates.map((one) => one.name)).toEqual(['홍*동', '성*향']);
    expect(accessLog(desk).map((entry) => entry.customerId)).toEqual([SAMPLE.husband.id, SAMPLE.wife.id]);
    pickCustomer(desk, door, { phone: '010-0000-1002', customerId: SAMPLE.wife.id, callId: null, remember: true });
    expect(operations(desk)).toMatchObject([{ kind: 'phone.pick', payload: { e164: '+821000001002' } }]);
    const second = ring('01000001002');
    expect(second).toMatchObject({ match: 'one', remembered: true, others: [{ id: SAMPLE.husband.id }] });
    // Whoever is named beside the remembered one was seen too.
    expect(
      accessLog(desk)
        .slice(-2)
        .map((entry) => entry.customerId),
    ).toEqual([SAMPLE.wife.id, SAMPLE.husband.id]);
    pickCustomer(desk, door, { phone: '010-0000-1002', customerId: SAMPLE.husband.id, callId: null, remember: true });
    expect(ring('01000001002')).toMatchObject({ view: { customer: { id: SAMPLE.husband.id } } });
  });

  test('a pick that shall not be remembered leaves nothing behind', () => {
    pickCustomer(desk, door, { phone: '010-0000-1002', customerId: SAMPLE.wife.id, callId: null, remember: false });
    expect(operations(desk)).toEqual([]);
  });

  test('a customer created here pops at the very next call, and is found by name and by digits', () => {
    const created = { customerId: newId(), name: '장보고', kind: 'person', language: 'ko' } as const;
    const made = createCustomer(desk, door, { ...created, phone: '010-0000-9999', callId: null });
    expect(made).toMatchObject({ mark: 'here', version: null, customer: { name: '장*고' } });
    expect(ring(SAMPLE.unknownPhone)).toMatchObject({ match: 'one', view: { mark: 'here' } });
    expect(searchCustomers(desk, '보고').candidates.map((one) => one.id)).toEqual([created.customerId]);
    expect(searchCustomers(desk, '9999').candidates.map((one) => one.id)).toEqual([created.customerId]);
    createCustomer(desk, door, { ...created, phone: '010-0000-9999', callId: null });
    expect(operations(desk).filter((one) => one.kind === 'customer.create')).toHaveLength(1);
  });
});

describe('masking', () => {
  test('a peek shows everything and its reason is in the log', () => {
    const log = { action: 'peek', context: '본인 확인' } as const;
    const seen = door.readCustomer({ customerId: SAMPLE.gold.id, callId: null, unmasked: true }, log);
    expect(seen).toMatchObject({ unmasked: true, customer: { name: '김민수' } });
    expect(seen.contactPoints[0]?.e164).toBe(SAMPLE.gold.phone);
    expect(accessLog(desk)).toMatchObject([{ action: 'peek', context: '본인 확인' }]);
  });
  test('nowhere in a masked view stands the number or the name', () => {
    const text = JSON.stringify(view(SAMPLE.gold.id));
    expect(text).not.toContain('김민수');
    expect(text).not.toContain('00001001');
  });
  test('the name of a company is no personal data', () => {
    expect(view(SAMPLE.company.id).customer.name).toBe('주식회사 한빛물산');
  });
});

describe('what is pending', () => {
  test('a note saved here is shown with its mark; confirmed, it is shown once', () => {
    const noteId = newId();
    saveNote(desk, { noteId, callId: null, customerId: SAMPLE.gold.id, text: '확인' });
    expect(view(SAMPLE.gold.id).looseNotes).toMatchObject([{ id: noteId, mark: 'here' }]);
    // The confirmed row is in the cache before its operation is marked done: both are there for a moment.
    const author = { authorId: SAMPLE.agent.id, authorName: SAMPLE.agent.name };
    const data = { id: noteId, interactionId: null, customerId: SAMPLE.gold.id, text: '확인', ...author };
    const note = { ...data, at: new Date(NOON).toISOString() };
    applyRows(desk.cache, [{ table: 'note', id: noteId, version: 1, deleted: false, data: note }]);
    expect(view(SAMPLE.gold.id).looseNotes).toMatchObject([{ id: noteId, mark: 'centre' }]);
  });
  describe('the customer of a call is corrected after its note was saved', () => {
    const callId = newId();
    const noteId = newId();
    const at = new Date(NOON).toISOString();
    const caller = { number: null, e164: null, displayName: null, withheld: true, source: 'from' } as const;
    const call = (customerId: string) => ({
      ...({ callId, direction: 'in', caller, queue: null, customerRef: null, customerId, phase: 'wrap_up' } as const),
      ...({ startedAt: at, answeredAt: at, endedAt: at, result: 'answered' } as const),
    });
    const seen = (customerId: string) => {
      const { timeline, looseNotes } = view(customerId);
      return [...timeline.flatMap((entry) => entry.notes), ...(looseNotes ?? [])].filter((note) => note.id === noteId);
    };
    const confirmNote = (customerId: string) => {
      const who = { authorId: SAMPLE.agent.id, authorName: SAMPLE.agent.name };
      const data = { id: noteId, interactionId: callId, customerId, text: '통화 중에 적음', ...who, at };
      applyRows(desk.cache, [{ table: 'note', id: noteId, version: 1, deleted: false, data }]);
    };
    beforeEach(() => {
      recordCall(desk, call(SAMPLE.husband.id));
      saveNote(desk, { noteId, callId, customerId: SAMPLE.husband.id, text: '통화 중에 적음' });
      recordCall(desk, call(SAMPLE.wife.id));
    });

    test('unsent, it goes with the call', () => {
      expect([seen(SAMPLE.husband.id).length, seen(SAMPLE.wife.id).length]).toEqual([0, 1]);
    });

    test('with the note at the centre and the correction still here, too', () => {
      confirmNote(SAMPLE.husband.id);
      desk.outbox.exec(`DELETE FROM operation WHERE kind = 'note.save'`);
      expect([seen(SAMPLE.husband.id).length, seen(SAMPLE.wife.id).length]).toEqual([0, 1]);
    });

    test('where the call is another customer’s and the note is not, it is shown beside the calls', () => {
      confirmNote(SAMPLE.husband.id);
      desk.outbox.exec('DELETE FROM operation');
      expect(view(SAMPLE.husband.id).looseNotes).toMatchObject([{ id: noteId }]);
      expect(seen(SAMPLE.wife.id)).toEqual([]);
    });
  });

  test('a note of a call that is too long ago for the screen is not shown as one without a call', () => {
    const old = desk.cache
      .prepare('SELECT id FROM interaction WHERE customer_id = ? ORDER BY started_at LIMIT 1')
      .get(SAMPLE.gold.id) as { id: string };
    saveNote(desk, { noteId: newId(), callId: old.id, customerId: SAMPLE.gold.id, text: '오래된 통화' });
    expect(view(SAMPLE.gold.id).looseNotes).toEqual([]);
  });

  test('a read takes the outbox first, the cache second: a note confirmed between the two never blinks out', () => {
    const order: string[] = [];
    const spy = (name: string, db: TestContext['cache']): TestContext['cache'] => ({
      ...db,
      prepare: (sql) => {
        order.push(name);
        return db.prepare(sql);
      },
    });
    const request = { customerId: SAMPLE.gold.id, callId: null, unmasked: false };
    read360(spy('outbox', desk.outbox), spy('cache', desk.cache), request, { country: 'KR', now: NOON });
    expect(order.lastIndexOf('outbox')).toBeLessThan(order.indexOf('cache'));
  });
});

describe('search', () => {
  beforeEach(() => {
    const email = {
      customerId: SAMPLE.gold.id,
      kind: 'email',
      value: 'Minsu.Kim+cs@example.co.kr',
      e164: null,
      last8: null,
    };
    const data = { ...email, id: newId(), label: null, primary: true };
    applyRows(desk.cache, [{ table: 'contact_point', id: data.id, version: 1, deleted: false, data } as SyncRow]);
  });
  test.each([
    ['minsu.k', SAMPLE.gold.id],
    ['@EXAMPLE.co', SAMPLE.gold.id],
    ['kim+cs', SAMPLE.gold.id],
    ['길동', SAMPLE.husband.id],
    ['ㄱㅁㅅ', SAMPLE.gold.id],
    ['환불', SAMPLE.quiet.id],
    ['홍', SAMPLE.husband.id],
    ['jane', SAMPLE.english.id],
    ['한빛', SAMPLE.company.id],
    ['1001', SAMPLE.gold.id],
    ['0123', SAMPLE.english.id],
    ['00001004', SAMPLE.company.id],
    ['010-0000-1006', SAMPLE.quiet.id],
    ['c-104237', SAMPLE.english.id],
    ['104237', SAMPLE.english.id],
    ['#1042', SAMPLE.gold.id],
    ['# 10', SAMPLE.gold.id],
  ])('%s', (text, id) => {
    expect(searchCustomers(desk, text).candidates.map((one) => one.id)).toEqual([id]);
  });
  test('by the number of a case: the case is said beside the customer; another search says none', () => {
    expect(searchCustomers(desk, '#1042').candidates).toMatchObject([
      { foundCase: { number: '1042', subject: '배송 지연', status: 'open' } },
    ]);
    expect(searchCustomers(desk, '1042').candidates[0]?.id).toBe(SAMPLE.gold.id);
    expect(searchCustomers(desk, '길동').candidates[0]).not.toHaveProperty('foundCase');
    expect(searchCustomers(desk, '#').candidates).toEqual([]);
  });
  test('the log knows that somebody searched, and not what for', () => {
    searchCustomers(desk, '길동');
    expect(accessLog(desk)).toMatchObject([{ action: 'search', customerId: null, context: 'found 1' }]);
  });
  test('no text of any kind breaks the index', () => {
    for (const text of ['"', "'", '*', 'NEAR(', 'a AND', '%_', '\0', '🙂', '(', '-', 'ㅎ"ㄱ']) {
      expect(() => searchCustomers(desk, text)).not.toThrow();
    }
  });
});

test('no statement of the pop, the search and the gate scans a table', () => {
  for (const [name, sql] of Object.entries({ ...READ_360, ...MATCH, ...SEARCH, ...GATE })) {
    const marks = sql.split('?').length - 1;
    const plan = desk.cache.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(marks).fill('x')) as { detail: string }[];
    const scans = plan.filter(({ detail }) => /^SCAN (?!wanted|(customer|email)_search VIRTUAL)/.test(detail));
    expect(scans, name).toEqual([]);
  }
});

describe('the first pop of a shift', () => {
  test('is warmed up without a trace: nobody saw anybody, so nothing is recorded or kept', () => {
    expect(warmUpPop(desk)).toBe(1);
    expect(accessLog(desk)).toEqual([]);
    expect(operations(desk)).toEqual([]);
  });

  test('an empty desk says that there was nobody to read', () => {
    desk.cache.exec('DELETE FROM contact_point');
    expect(warmUpPop(desk)).toBe(0);
  });
});
