import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newCall, newCustomer, newNote, startTestCentre, type TestCentre, type TestDesk } from './kit.ts';

let centre: TestCentre;
let desk: TestDesk;
beforeAll(async () => {
  centre = await startTestCentre();
  desk = await centre.desk();
  for (let round = 0; round < 3; round += 1) {
    const operations = Array.from({ length: 25 }, (_, n) => {
      const person = newCustomer(`손님 ${round} ${n}`, `010-0000-${1000 + round * 100 + n}`);
      const call = newCall(person.customerId);
      return [person, call, newNote('요금제를 바꾸고 싶다고 함', person.customerId, call.interactionId)];
    });
    await desk.push(...operations.flat().map((payload) => desk.operation(payload)));
  }
}, 60_000);
afterAll(() => centre.close());

/** The bytes of a body as they stood on the wire. */
async function bytesOf(
  path: string,
  encoding: string | null,
): Promise<{ body: Buffer; headers: IncomingMessage['headers'] }> {
  const headers = {
    authorization: `Bearer ${desk.session.accessToken}`,
    ...(encoding === null ? {} : { 'accept-encoding': encoding }),
  };
  const [response] = (await once(get(centre.url + path, { headers }), 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return { body: Buffer.concat(parts), headers: response.headers };
}

test.each(['customer', 'interaction', 'note'])(
  'C11 a page of %s is a fifth or less on the wire where the desk takes it so',
  async (table) => {
    const path = `/v1/sync/snapshot?table=${table}`;
    const plain = await bytesOf(path, null);
    const packed = await bytesOf(path, 'gzip, deflate');
    expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([undefined, 'gzip']);
    expect(packed.headers.vary).toContain('accept-encoding');
    const rows = (body: Buffer) => (JSON.parse(body.toString()) as { rows: unknown[] }).rows;
    expect(rows(gunzipSync(packed.body))).toEqual(rows(plain.body));
    expect(plain.body.length).toBeGreaterThan(20_000);
    expect(packed.body.length).toBeLessThan(plain.body.length / 5);
  },
);

test('C11 changes are packed, too, and what is too small to be worth it is not', async () => {
  const { cursor } = await desk.start();
  const small = await bytesOf(`/v1/sync/changes?cursor=${cursor}`, 'gzip');
  expect(small.headers['content-encoding']).toBeUndefined();
  await desk.push(...Array.from({ length: 20 }, () => desk.operation(newNote('긴 하루', null))));
  const large = await bytesOf(`/v1/sync/changes?cursor=${cursor}`, 'gzip');
  expect(large.headers['content-encoding']).toBe('gzip');
});
