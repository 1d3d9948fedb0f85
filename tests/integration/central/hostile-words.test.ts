import { beforeAll, expect, it } from 'vitest';
import { type Id, newId } from '../../../src/shared/ids.ts';
import type { OperationPayload, SyncTable } from '../../../src/shared/sync-wire.ts';
import { hostileStrings, namesOfEveryLength, UNSTORABLE } from '../../fakes/hostile-strings.ts';
import { newCustomer, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

const HOSTILE = hostileStrings();
const of = (customerId: Id) => ({ customerId, interactionId: null });
const opened = (text: string) => ({ subject: text, priority: 'normal' as const, dueAt: null, custom: { memo: text } });
const made = (what: string) => ({ what, dueAt: '2026-12-01T09:00:00.000Z' });

onBothStores('what agents type into any field', (store) => {
  // All of them where it is quick; the other store is the same SQL.
  const some = (texts: string[]) => (store.name === 'PostgreSQL' ? texts : texts.filter((_, i) => i % 10 === 0));
  let kim: TestDesk;
  let lee: TestDesk;
  beforeAll(async () => {
    const centre = await store.start();
    const field = { label: { ko: '메모', en: 'Memo' }, choices: [], order: 1, key: 'memo', type: 'text' };
    for (const entity of ['customer', 'case']) await centre.admin('PUT', 'custom-fields', { ...field, entity });
    kim = await centre.desk('kim');
    lee = await centre.desk('lee');
  });
  /** By id, as another desk has them. */
  const at = async (desk: TestDesk, table: SyncTable) =>
    new Map((await desk.snapshot(table)).map(({ id, data }) => [id, data as Record<string, unknown> | null]));
  const pushAll = async (desk: TestDesk, payloads: OperationPayload[]) => {
    for (let from = 0; from < payloads.length; from += 100) {
      const replies = await desk.push(...payloads.slice(from, from + 100).map((payload) => desk.operation(payload)));
      for (const reply of replies) expect(reply).toMatchObject({ status: 'applied' });
    }
  };

  it('comes to another desk as it was: names of every length, own fields, addresses', async () => {
    const all = some([...HOSTILE, ...namesOfEveryLength()]).map((text) => ({ text, ...newCustomer(text) }));
    const payloads = all.map(({ text, ...customer }) => ({
      ...customer,
      custom: { memo: text },
      contactPoints: [{ id: customer.customerId, kind: 'address' as const, value: text, label: null }],
    }));
    await pushAll(kim, payloads);
    const [customers, points] = [await at(lee, 'customer'), await at(lee, 'contact_point')];
    for (const { text, customerId } of all) {
      const { name, custom } = customers.get(customerId) ?? {};
      const here = { text, name, custom, address: points.get(customerId)?.value };
      expect(here).toEqual({ text, name: text, custom: { memo: text }, address: text });
    }
  }, 180_000);

  it.each<[SyncTable, string, (text: string, id: Id, customerId: Id) => OperationPayload]>([
    ['note', 'text', (text, noteId, customerId) => ({ kind: 'note.save', noteId, ...of(customerId), text })],
    [
      'case',
      'subject',
      (text, caseId, customerId) => ({ kind: 'case.open', caseId, ...of(customerId), ...opened(text) }),
    ],
    [
      'promise',
      'what',
      (text, promiseId, customerId) => ({ kind: 'promise.make', promiseId, ...of(customerId), ...made(text) }),
    ],
  ])(
    'comes to another desk as it was: a %s, in its %s',
    async (table, field, payloadOf) => {
      const customer = newCustomer('홍길동');
      const all = some(HOSTILE).map((text) => ({ text, id: newId() }));
      await pushAll(kim, [customer, ...all.map(({ text, id }) => payloadOf(text, id, customer.customerId))]);
      const rows = await at(lee, table);
      for (const { text, id } of all) {
        const row = rows.get(id) ?? {};
        expect({ text, [field]: row[field], own: row.custom }).toEqual({
          ...{ text, [field]: text },
          own: table === 'case' ? { memo: text } : undefined,
        });
      }
    },
    180_000,
  );

  it('what no database holds is refused alone, and what came with it is taken', async () => {
    const [good] = hostileStrings();
    const payloads = [...UNSTORABLE, good ?? ''].map((text) => newCustomer(text));
    const replies = await kim.push(...payloads.map((payload) => kim.operation(payload)));
    expect(replies.map(({ status }) => status)).toEqual([...UNSTORABLE.map(() => 'rejected'), 'applied']);
  });
});
