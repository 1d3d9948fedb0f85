import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCentre, type TestCentre } from './kit.ts';

let centre: TestCentre;
beforeAll(async () => {
  centre = await startTestCentre();
});
afterAll(() => centre.close());

/** How many of so many requests were held back, a hundred at a time. */
async function heldBack(total: number, path: string, token: (n: number) => string): Promise<number> {
  let held = 0;
  for (let done = 0; done < total; done += 100) {
    const page = Array.from({ length: 100 }, (_, i) => centre.call('GET', path, { token: token(done + i) }));
    held += (await Promise.all(page)).filter(({ status }) => status === 429).length;
  }
  return held;
}

it('a made-up token for each request wins nobody more requests', async () => {
  expect(await heldBack(3300, '/v1/desk-config', (n) => `dgd_made-up-${n}`)).toBeGreaterThan(0);
  expect(await heldBack(3300, '/health', (n) => `dgd_again-${n}`)).toBeGreaterThan(0);
});

it('an agent behind the same address still works', async () => {
  const desk = await centre.desk();
  expect((await desk.get('/v1/desk-config')).status).toBe(200);
});
