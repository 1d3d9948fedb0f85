import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeskConfig } from '../../../src/shared/central-api.ts';
import { startTestCentre, type TestCentre } from './kit.ts';

let centre: TestCentre;
beforeAll(async () => {
  centre = await startTestCentre();
  const field = {
    entity: 'customer',
    choices: [],
    order: 1,
    label: { ko: '광고 전화 금지', en: 'No marketing calls' },
  };
  await centre.admin('PUT', 'custom-fields', { ...field, key: 'no_marketing', type: 'boolean' });
  await centre.admin('PUT', 'custom-fields', { ...field, key: 'memo', type: 'text' });
});
afterAll(() => centre.close());

const policy = {
  ...{ timeZone: 'Asia/Seoul', country: 'KR', marketingFromMinute: 540, marketingToMinute: 1080 },
  ...{ consentMaxAgeDays: 730, doNotCallMaxAgeHours: 24 },
};
const put = (more: object) =>
  centre.admin('PUT', 'business', {
    ...{ name: '단골', currency: 'KRW', wrapUpSeconds: 30, policy: { ...policy, ...more } },
  });
const atDesks = async () => DeskConfig.parse((await (await centre.desk()).get('/v1/desk-config')).json).policy;

it('what the business asks of marketing calls is told to every desk', async () => {
  const asked = {
    product: 'financial',
    marketingAttempts: { times: 3, withinHours: 168 },
    blockedBy: 'no_marketing',
    dialOverride: 'nobody',
  };
  await put(asked);
  expect(await atDesks()).toMatchObject({ ...policy, ...asked });
});

it.each([
  [{ blockedBy: 'no_marketin' }, 'there is no field no_marketin'],
  [{ blockedBy: 'memo' }, 'memo is a text field'],
  [{ dialOverride: 'anybody' }, 'dialOverride'],
  [{ marketingAttempts: { times: 0, withinHours: 24 } }, 'marketingAttempts'],
])('%j is refused in words, and the rules stay as they were', async (more, words) => {
  const before = await atDesks();
  const said = await Promise.resolve(put(more)).then((reply) => JSON.stringify(reply), String);
  expect(said).toContain(words);
  expect(await atDesks()).toEqual(before);
});
