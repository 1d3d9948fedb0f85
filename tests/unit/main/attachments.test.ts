import { beforeEach, expect, test } from 'vitest';
import { fetchAttachment } from '../../../src/main/attachments.ts';
import type { CentralClient } from '../../../src/main/central-client.ts';
import type { AttachmentAnswer } from '../../../src/shared/attachment.ts';
import { DangolError } from '../../../src/shared/errors.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Interaction } from '../../../src/shared/interaction.ts';
import { applyRows } from '../../../src/sync/apply.ts';
import { accessLog, NOON, openTestContext, type TestContext } from '../../fakes/host-context.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';

const customerId = SAMPLE.gold.id;
const PDF = Buffer.from('%PDF-1.7').toString('base64');
let desk: TestContext;
let asked: string[];
let answer: AttachmentAnswer | null;
let messageId: string;

beforeEach(() => {
  desk = openTestContext();
  asked = [];
  answer = { state: 'given', base64: PDF };
  messageId = newId();
  const type = 'application/octet-stream';
  const data: Interaction = {
    ...{ id: messageId, customerId, channel: 'email', direction: 'in', startedAt: new Date(NOON).toISOString() },
    ...{ answeredAt: null, endedAt: null, result: null, phone: null, queue: null, agentId: null, agentName: null },
    ...{ dispositionCode: null, subject: '문의' },
    message: {
      ...{ address: 'minsu.kim@example.com', text: '첨부합니다.' },
      attachments: [
        { name: '영수증.pdf', type, bytes: 8 },
        { name: '설치.exe', type, bytes: 8 },
        { name: '큰 사진.png', type, bytes: 9_000_000 },
      ],
    },
  };
  const row = { table: 'interaction' as const, id: messageId, version: 1, deleted: false, data };
  desk.cache.transaction(() => applyRows(desk.cache, [row])).immediate();
});

const central: CentralClient = {
  ask: async (request) => {
    asked.push(`${request.path} ${JSON.stringify(request.body)}`);
    if (answer === null) throw new DangolError('CENTRE_UNREACHABLE', 'check-network');
    return request.answer.parse(answer);
  },
};
const fetch = (index: number) =>
  fetchAttachment(desk, { central, accessToken: async () => 'token' }, { messageId, index, reason: '영수증 확인' });

test('one is asked of the centre with its reason, which is in the access log like that of an export', async () => {
  expect(await fetch(0)).toEqual({ state: 'given', base64: PDF });
  expect(asked).toEqual([`/v1/messages/${messageId}/attachments/0 {"reason":"영수증 확인"}`]);
  expect(accessLog(desk)).toMatchObject([{ action: 'export', customerId, context: '영수증 확인' }]);
});

test('what is dangerous or too large by its name is not even asked for', async () => {
  expect(await fetch(1)).toEqual({ state: 'dangerous' });
  expect(await fetch(2)).toEqual({ state: 'too_large' });
  await expect(fetch(3)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect([asked, accessLog(desk)]).toEqual([[], []]);
});

test('bytes that are not what the name says do not reach the page, whoever sent them', async () => {
  answer = { state: 'given', base64: Buffer.from('MZ program').toString('base64') };
  expect(await fetch(0)).toEqual({ state: 'dangerous' });
});

test('without the centre it says so; that somebody wanted it stays written down', async () => {
  answer = null;
  await expect(fetch(0)).rejects.toMatchObject({ code: 'CENTRE_UNREACHABLE' });
  expect(accessLog(desk)).toHaveLength(1);
});

test('a locked desk gives nothing out', async () => {
  desk.seat.reader = () => {
    throw new DangolError('LOCKED', 'sign-in');
  };
  await expect(fetch(0)).rejects.toMatchObject({ code: 'LOCKED' });
  expect(asked).toEqual([]);
});
