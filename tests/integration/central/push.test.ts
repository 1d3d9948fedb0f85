import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AccessLogEntry, accessEntryText } from '../../../src/shared/access-log.ts';
import { newId } from '../../../src/shared/ids.ts';
import { PROTOCOL_VERSION, PushResponse } from '../../../src/shared/sync-wire.ts';
import { codeOf, newCall, newCustomer, newNote, type TestCentre, TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores('push', (store) => {
  let centre: TestCentre;
  let desk: TestDesk;
  beforeAll(async () => {
    centre = await store.start();
    await centre.admin('PUT', 'dispositions', {
      code: 'solved',
      label: { ko: '해결', en: 'Solved' },
      key: '1',
      order: 1,
      active: true,
    });
    await centre.admin('PUT', 'dispositions', {
      code: 'later',
      label: { ko: '예약', en: 'Later' },
      key: '2',
      order: 2,
      active: true,
    });
    desk = await centre.desk();
  });

  it('C1 answers the same operation with the same reply, byte for byte, and does it once', async () => {
    const customer = newCustomer('한번만');
    const operations = [desk.operation(customer), desk.operation(newNote('요금 문의', customer.customerId))];
    const first = await desk.pushRaw(operations);
    const second = await desk.pushRaw(operations);
    const replies = (text: string) => text.slice(text.indexOf('"replies"'), text.indexOf('"serverTime"'));
    expect(first.status).toBe(200);
    expect(replies(second.text)).toBe(replies(first.text));
    const notes = (await desk.snapshot('note')).filter(
      (row) => row.table === 'note' && row.data?.customerId === customer.customerId,
    );
    expect(notes).toHaveLength(1);
  });

  it('gives a new customer a number, and their phones in E.164 with the last eight digits', async () => {
    const reply = await desk.do(newCustomer('홍길동', '010-0000-7777'));
    expect(reply.status).toBe('applied');
    if (reply.status !== 'applied') return;
    expect(reply.rows.map((row) => row.table)).toEqual(['customer', 'contact_point']);
    expect(reply.rows[0]).toMatchObject({
      version: 1,
      deleted: false,
      data: { customerNumber: expect.stringMatching(/^C-\d+$/) },
    });
    expect(reply.rows[1]).toMatchObject({ data: { e164: '+821000007777', last8: '00007777', primary: true } });
  });

  it('keeps how well a call was heard, also when a later word does not name it', async () => {
    const quality = {
      ...{ mosMean: 4.1, mosMin: 2.8, lossIn: 0.01, lossOut: 0, roundTripMs: null },
      ...{ culprit: 'network' as const, oneWay: false, samples: 12 },
    };
    const call = newCall();
    await desk.do({ ...call, quality });
    const ended = await desk.do({ ...call, endedAt: '2026-11-22T09:03:00.000Z' });
    expect(ended).toMatchObject({ rows: [{ data: { quality, endedAt: '2026-11-22T09:03:00.000Z' } }] });
    expect(await desk.do({ ...call, quality: { ...quality } })).toMatchObject({ rows: [] });
  });

  it('C2 refuses a bad operation alone, in its place; the others flow', async () => {
    const replies = await desk.push(
      desk.operation(newNote('앞', null)),
      { nonsense: true },
      { ...desk.operation(newNote('', null)) },
      { ...desk.operation(newNote('x', null)), payload: { kind: 'from.the.future' } },
      desk.operation(newNote(`nul ${String.fromCharCode(0)} inside`, null)),
      desk.operation(newNote('뒤', null)),
    );
    expect(replies.map((r) => (r.status === 'rejected' ? r.code : r.status))).toEqual([
      'applied',
      'INVALID',
      'INVALID',
      'UNSUPPORTED',
      'INVALID',
      'applied',
    ]);
  });

  it('C3 says DEVICE_FORKED when a sequence is used by another operation, and takes the work under a new device id', async () => {
    const clone = await centre.desk('clone');
    await clone.do(newNote('the original wrote this', null));
    const other = clone.operation(newNote('the clone wrote this', null), { deviceSeq: 1 });
    const answer = await clone.pushRaw([other]);
    expect([answer.status, codeOf(answer)]).toEqual([409, 'DEVICE_FORKED']);
    clone.deviceId = newId();
    const [reply] = await clone.push({ ...other, deviceId: clone.deviceId });
    expect(reply?.status).toBe('applied');
  });

  it('C1 C3 does an operation once that many clones send at the same moment, and answers all alike', async () => {
    const desks = await centre.desk('clones');
    const clones = Array.from({ length: 5 }, () => new TestDesk(centre, desks.session, newId()));
    // Known to the centre before, so that they really meet.
    await Promise.all(clones.map((clone) => clone.do(newNote('여기 있음', null))));
    for (let round = 2; round < 12; round += 1) {
      const note = desks.operation(newNote('동시에', null), { deviceSeq: round });
      const answers = await Promise.all(clones.map((clone) => clone.push({ ...note, deviceId: clone.deviceId })));
      expect(answers[0]).toMatchObject([{ status: 'applied', rows: [{ version: 1 }] }]);
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    }
  });

  it('keeps device ids apart: a token of another desk may not push for one', async () => {
    const [a, b] = [await centre.desk('desk-a'), await centre.desk('desk-b')];
    b.deviceId = a.deviceId;
    const answer = await b.pushRaw([b.operation(newNote('x', null))]);
    expect(answer.status).toBe(403);
  });

  it('C4 takes the work of every author who once signed in on the desk, with the desk token alone, and of nobody else', async () => {
    const first = await centre.desk('early');
    const second = await centre.desk('late', { deviceId: first.deviceId });
    const stranger = await centre.desk('stranger');
    const byFirst = second.operation(newNote('early wrote it', null), { authorId: first.session.agent.id });
    const byStranger = second.operation(newNote('x', null), { authorId: stranger.session.agent.id });
    const [kept, refused] = await second.push(byFirst, byStranger);
    expect(kept).toMatchObject({
      status: 'applied',
      rows: [{ data: { authorId: first.session.agent.id, authorName: '상담사 early' } }],
    });
    expect(refused).toMatchObject({ status: 'rejected', code: 'FORBIDDEN' });
  });

  it('gathers the facts of a call as they come; a fact that is not known replaces none', async () => {
    const customer = newCustomer('통화');
    const call = newCall();
    const note = newNote('누구인지 아직 모름', null, call.interactionId);
    await desk.push(desk.operation(customer), desk.operation(call), desk.operation(note));
    await desk.do({ ...call, answeredAt: '2026-11-22T09:00:05.000Z', result: 'answered' });
    await desk.do({ ...call, endedAt: '2026-11-22T09:03:00.000Z' });
    const wrap = { kind: 'interaction.wrap_up' as const, interactionId: call.interactionId, wrapUpSeconds: 12 };
    const reply = await desk.do({ ...wrap, customerId: customer.customerId, dispositionCode: 'solved' });
    expect(reply).toMatchObject({
      status: 'applied',
      rows: [
        {
          table: 'interaction',
          data: {
            customerId: customer.customerId,
            answeredAt: '2026-11-22T09:00:05.000Z',
            endedAt: '2026-11-22T09:03:00.000Z',
            result: 'answered',
            dispositionCode: 'solved',
            wrapUpSeconds: 12,
          },
        },
        { table: 'note', id: note.noteId, data: { customerId: customer.customerId } },
      ],
    });
    expect(await desk.do({ ...wrap, customerId: null, dispositionCode: 'no_such' })).toMatchObject({
      code: 'UNKNOWN_DISPOSITION',
    });
    expect(
      await desk.do({ ...wrap, interactionId: newId(), customerId: null, dispositionCode: 'solved' }),
    ).toMatchObject({
      code: 'INVALID',
    });
  });

  it('moves the notes of a call with it when its customer is corrected, and keeps whom they stood with before', async () => {
    const [wrong, right] = [newCustomer('먼저 고른 고객'), newCustomer('맞는 고객')];
    const call = newCall(wrong.customerId);
    const note = newNote('통화 중에 적음', wrong.customerId, call.interactionId);
    const elsewhere = newNote('다른 일', wrong.customerId);
    await desk.push(...[wrong, right, call, note, elsewhere].map((one) => desk.operation(one)));
    const reply = await desk.do({ ...call, customerId: right.customerId });
    expect(reply).toMatchObject({
      status: 'applied',
      rows: [
        { table: 'interaction', data: { customerId: right.customerId } },
        { table: 'note', id: note.noteId, data: { customerId: right.customerId, text: '통화 중에 적음' } },
      ],
    });
    const late = newNote('고치기 전에 적었으나 늦게 옴', wrong.customerId, call.interactionId);
    expect(await desk.do(late)).toMatchObject({ rows: [{ data: { customerId: right.customerId } }] });
  });

  it('C5 never changes a note: the same again is the same, another text under its id is a conflict', async () => {
    const note = newNote('처음', null);
    await desk.do(note);
    expect(await desk.do(note)).toMatchObject({ status: 'applied', rows: [] });
    expect(await desk.do({ ...note, text: '나중' })).toMatchObject({ status: 'rejected', code: 'CONFLICT' });
  });

  it('C5 lets the later word on a consent and a number win and takes the earlier one away', async () => {
    const customer = newCustomer('동의');
    await desk.do(customer);
    const consent = {
      kind: 'consent.set' as const,
      customerId: customer.customerId,
      channel: 'phone' as const,
      purpose: 'marketing' as const,
      source: 'call',
    };
    const first = newId();
    await desk.do({ ...consent, consentId: first, status: 'granted' });
    const reply = await desk.do(
      { ...consent, consentId: newId(), status: 'refused' },
      { claimedAt: '2036-01-01T00:00:00.000Z' },
    );
    if (reply.status !== 'applied') throw new Error('rejected');
    expect(reply.rows.find((row) => row.id === first)).toMatchObject({ deleted: true, data: null, version: 2 });
    const standing = reply.rows.find((row) => row.table === 'consent' && !row.deleted);
    expect(standing?.table === 'consent' && standing.data && standing.data.at < '2036').toBe(true);
    const pick = { kind: 'phone.pick' as const, e164: '+821000001234', customerId: customer.customerId };
    const firstPick = newId();
    await desk.do({ ...pick, pickId: firstPick });
    const again = await desk.do({ ...pick, pickId: newId() });
    expect(again.status === 'applied' && again.rows.find((row) => row.id === firstPick)?.deleted).toBe(true);
  });

  it('knows no customer that nobody created', async () => {
    expect(await desk.do(newNote('x', newId()))).toMatchObject({ status: 'rejected', code: 'UNKNOWN_CUSTOMER' });
  });

  it('refuses a request that is none, without touching anything', async () => {
    for (const body of [
      {},
      { protocol: 999 },
      { protocol: PROTOCOL_VERSION, deviceId: desk.deviceId, epoch: null, operations: [] },
    ]) {
      const answer = await centre.call('POST', '/v1/sync/push', { token: desk.session.deviceToken, body });
      expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_INPUT']);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  describe('erasure', () => {
    it('C8 beats every edit: rows become empty deletions, stored replies too, and nothing brings the customer back', async () => {
      const customer = newCustomer('지워질사람', '010-0000-4444');
      const call = newCall(customer.customerId);
      const create = desk.operation(customer);
      const note = desk.operation(newNote('비밀 내용', customer.customerId, call.interactionId));
      await desk.push(create, desk.operation(call), note);
      const { cursor } = await desk.start();
      const erased = await centre.admin('DELETE', `customers/${customer.customerId}`);
      expect(erased).toEqual({ erasedRows: 4 });
      const { rows } = await desk.pullAll(cursor);
      expect(rows).toHaveLength(4);
      expect(rows.every((row) => row.deleted && row.data === null && row.version >= 2)).toBe(true);

      const repeats = await desk.pushRaw([create, note]);
      expect(repeats.text).not.toContain('비밀');
      const late = await desk.push(
        desk.operation(newNote('늦은 메모', customer.customerId)),
        desk.operation(newNote('통화로 온 메모', null, call.interactionId)),
        desk.operation({ ...call, customerId: null }),
        desk.operation(customer),
      );
      const all = [...PushResponse.parse(repeats.json).replies, ...late];
      expect(all.map((reply) => reply.status === 'rejected' && reply.code)).toEqual(Array(6).fill('ERASED'));
      const load = await centre.admin('POST', 'load', {
        rows: [
          {
            table: 'contact_point',
            data: {
              id: newId(),
              customerId: customer.customerId,
              kind: 'phone',
              value: '1',
              e164: null,
              last8: null,
              label: null,
              primary: true,
            },
          },
        ],
      });
      expect(load).toMatchObject({ changed: 0, errors: [{ code: 'ERASED' }] });
      expect(await centre.admin('DELETE', `customers/${customer.customerId}`)).toEqual({ erasedRows: 0 });
    });
  });

  describe('the access log', () => {
    function chain(length: number): AccessLogEntry[] {
      const entries: AccessLogEntry[] = [];
      for (let seq = 1; seq <= length; seq += 1) {
        const previousHash = entries.at(-1)?.hash ?? '0'.repeat(64);
        const who = { deviceId: desk.deviceId, agentId: desk.session.agent.id, at: '2026-11-22T09:00:00.000Z' };
        const entry = {
          id: newId(),
          seq,
          ...who,
          action: 'view' as const,
          customerId: null,
          context: '화면',
          previousHash,
        };
        entries.push({ ...entry, hash: createHash('sha256').update(accessEntryText(entry)).digest('hex') });
      }
      return entries;
    }

    it('is stored with its chain, and a broken chain is flagged, not lost', async () => {
      const auditor = await centre.desk('auditor');
      desk = auditor;
      const [one, two, three, four] = chain(4);
      if (!one || !two || !three || !four) throw new Error('chain');
      expect(await auditor.do({ kind: 'access.record', entries: [one, two] })).toMatchObject({
        status: 'applied',
        rows: [],
      });
      const changed = { ...three, context: '다른 말' };
      expect(await auditor.do({ kind: 'access.record', entries: [changed] })).toMatchObject({ status: 'applied' });
      expect(await auditor.do({ kind: 'access.record', entries: [four, { ...two, id: newId() }] })).toMatchObject({
        status: 'applied',
      });
      const { items } = (await centre.admin('GET', `access-log?deviceId=${auditor.deviceId}`)) as {
        items: { seq: number; fault: string | null }[];
      };
      expect(items.map(({ seq, fault }) => [seq, fault])).toEqual([
        [1, null],
        [2, null],
        [2, 'hash'],
        [3, 'hash'],
        [4, null],
      ]);
    });
  });
});
