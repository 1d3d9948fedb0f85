import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { AdminBusiness, AdminPbx, AdminPractice, SipAccount } from '../shared/central-api.ts';
import { CurrentRule } from '../shared/current-customer.ts';
import { AdminMailbox, MessageKeeping } from '../shared/message.ts';
import { AmiSetting } from '../shared/pbx.ts';
import { Instant } from '../shared/text.ts';
import type { CentralTables } from './db/tables.ts';

type Business = z.infer<typeof AdminBusiness>;

/** Korea, until the administrator says otherwise. Have counsel check the figures. */
const DEFAULT_BUSINESS: Business = {
  name: '',
  currency: 'KRW',
  wrapUpSeconds: 30,
  policy: {
    timeZone: 'Asia/Seoul',
    country: 'KR',
    marketingFromMinute: 8 * 60,
    marketingToMinute: 21 * 60,
    consentMaxAgeDays: 730,
    doNotCallMaxAgeHours: 24,
    premiumNumbers: 'refuse',
    forbiddenPrefixes: ['+870', '+881', '+882', '+883'],
  },
};

/** `sealed`: the password, by secrets.ts; null: it comes from the environment. */
export const StoredMailbox = AdminMailbox.omit({ password: true }).extend({ sealed: z.string().nullable() });

/** Every setting with its schema and what holds until it is set. */
const SETTINGS = {
  business: AdminBusiness.default(DEFAULT_BUSINESS),
  pbx: AdminPbx.nullable().default(null),
  /** Holds the manager's secret: never part of a reply or the log. */
  ami: AmiSetting.nullable().default(null),
  mailbox: StoredMailbox.nullable().default(null),
  messageKeeping: MessageKeeping.default({ sourceDays: 365 }),
  practice: AdminPractice.default(null),
  /** Who is a customer now, as the business means it; null: it does not say. */
  currentCustomer: CurrentRule.nullable().default(null),
  doNotCallLoadedAt: Instant.nullable().default(null),
} as const;
type SettingName = keyof typeof SETTINGS;
type SettingValue<N extends SettingName> = z.infer<(typeof SETTINGS)[N]>;

export async function readSetting<N extends SettingName>(db: Kysely<CentralTables>, name: N): Promise<SettingValue<N>> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
  return SETTINGS[name].parse(row?.value) as SettingValue<N>;
}

export async function writeSetting<N extends SettingName>(
  db: Kysely<CentralTables>,
  name: N,
  value: SettingValue<N>,
): Promise<void> {
  await sql`
    INSERT INTO setting (name, value) VALUES (${name}, ${JSON.stringify(value)}::jsonb)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`.execute(db);
}

/** An agent's own part of the line; the server's part is the `pbx` setting. */
export const StoredSip = SipAccount.pick({ username: true, password: true, displayName: true });
