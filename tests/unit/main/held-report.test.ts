import { expect, test } from 'vitest';
import type { CentralClient } from '../../../src/main/central-client.ts';
import { createHeldReporter } from '../../../src/main/held-report.ts';
import { newId } from '../../../src/shared/ids.ts';
import { openTestContext, type TestContext } from '../../fakes/host-context.ts';

/** An operation of this desk that the centre refused. */
function refuse({ outbox }: TestContext, seq: number): string {
  const opId = newId();
  outbox
    .prepare(
      `INSERT INTO operation (op_id, device_id, device_seq, schema_version, author_id, author_name, claimed_at, kind, payload,
         row_id, status, reply_code) VALUES (?, ?, ?, 1, ?, '박상담', '2026-11-23T05:00:00.000Z', 'note.save', '{}', ?, 'rejected', 'X')`,
    )
    .run(opId, newId(), seq, newId(), newId());
  return opId;
}

test('what is decided while a report is on its way is told right after it', async () => {
  const context = openTestContext();
  const told: { held: { opId: string }[] }[] = [];
  const answers: (() => void)[] = [];
  const central = {
    ask: ({ body }: { body: { held: { opId: string }[] } }) => {
      told.push(body);
      return new Promise((resolve) => answers.push(() => resolve({})));
    },
  } as unknown as CentralClient;
  const reporter = createHeldReporter({ context, central, deviceToken: () => 'token' });
  const first = refuse(context, 1);
  reporter.changed();
  const second = refuse(context, 2);
  reporter.changed();
  expect(told).toHaveLength(1);
  answers[0]?.();
  await expect.poll(() => told.length).toBe(2);
  expect(told.map(({ held }) => held.map(({ opId }) => opId))).toEqual([[first], [second, first]]);
  answers[1]?.();
  await new Promise(setImmediate);
  expect(told).toHaveLength(2);
});
