import { z } from 'zod';
import { CurrentRule } from './current-customer.ts';
import { CustomField, CustomValues, Tier } from './customer.ts';
import { Id } from './ids.ts';
import { ServiceLevel } from './service-level.ts';
import { Day, Instant, Language } from './text.ts';
import { Product } from './work.ts';

/**
 * The administrative requests that carry pages, and what all of them answer. The single things (AdminTeam and its like)
 * are in central-api.ts; each is the whole body of one PUT /v1/admin/<things> and is found again by its natural key.
 */

/** What every PUT under /v1/admin answers. `id` is the row's, null for settings that have none. */
export const AdminPutResponse = z.object({ id: Id.nullable(), created: z.boolean() });
export type AdminPutResponse = z.infer<typeof AdminPutResponse>;

/** GET /v1/admin/<things>: what is there, without passwords. */
export const AdminList = z.object({ items: z.array(z.record(z.string(), z.json())) });
export type AdminList = z.infer<typeof AdminList>;

/**
 * PUT /v1/admin/custom-fields; natural key: `entity` and `key` together. 400 where customers are to be found by a field that is
 * masked, of other things, or of a type that cannot be searched; or where a name is of a choice that is none.
 */
export const AdminCustomField = CustomField.omit({ id: true });
export type AdminCustomField = z.infer<typeof AdminCustomField>;

/** PUT /v1/admin/current-customer; null: the business does not say it. 400 where a condition asks for a field that is not there. */
export const AdminCurrentCustomer = z.object({ rule: CurrentRule.nullable() });

/** PUT /v1/admin/products; natural key: `code`. 422 where a value of `custom` does not fit a field of products. */
export const AdminProduct = Product.omit({ id: true });
export type AdminProduct = z.infer<typeof AdminProduct>;

/** PUT /v1/admin/service-level: there is one. The clocks of open cases are set by it at once. */
export const AdminServiceLevel = ServiceLevel.omit({ id: true });
export type AdminServiceLevel = z.infer<typeof AdminServiceLevel>;

export const ADMIN_PAGE_MAX_ROWS = 500;

/** POST /v1/admin/load: any rows of the synced tables, written as they are (upsert by id). For seeding and migrations. */
export const AdminLoad = z.object({
  rows: z
    .array(z.object({ table: z.string(), data: z.unknown() }))
    .min(1)
    .max(ADMIN_PAGE_MAX_ROWS),
});
export type AdminLoad = z.infer<typeof AdminLoad>;

/** One row that was not taken, by its place in the page (from 0). The others were. */
export const RowError = z.object({ index: z.int(), code: z.string(), detail: z.string() });
export type RowError = z.infer<typeof RowError>;
/** `changed` counts new and changed rows; a row that says what the centre already has costs nothing and moves nothing. */
export const AdminPageResponse = z.object({ changed: z.int(), unchanged: z.int(), errors: z.array(RowError) });
export type AdminPageResponse = z.infer<typeof AdminPageResponse>;

/**
 * One customer of POST /v1/admin/customers; natural key: `customerNumber`. The CSV form has the same names as its head line,
 * phone2, phone3 and email, address beside them, and `custom.<key>` for the business's own fields.
 */
export const AdminCustomer = z.object({
  customerNumber: z.string().trim().min(1).max(40),
  name: z.string().trim().min(1).max(200),
  /** What is left out stays as it was; a new customer is a person, speaks Korean and has the tier basic. */
  kind: z.enum(['person', 'company']).optional(),
  language: Language.optional(),
  tier: Tier.optional(),
  birthday: Day.nullable().default(null),
  customerSince: Day.nullable().default(null),
  phones: z.array(z.string().trim().min(2).max(64)).max(10).default([]),
  email: z.string().trim().max(300).nullable().default(null),
  address: z.string().trim().max(300).nullable().default(null),
  custom: CustomValues.default({}),
});
export type AdminCustomer = z.infer<typeof AdminCustomer>;
/** Body of POST /v1/admin/customers as JSON; with `Content-Type: text/csv` the body is the CSV text itself. */
export const AdminCustomers = z.object({ customers: z.array(z.unknown()).min(1).max(ADMIN_PAGE_MAX_ROWS) });

/**
 * POST /v1/admin/imports/:id/rows: customers of a file, each with the line that it stands on. They wait at the centre until
 * POST /v1/admin/imports/:id/commit makes all of them customers at once. The same page again is the same rows.
 */
export const AdminImportRows = z.object({
  rows: z
    .array(z.object({ row: z.int().min(1), customer: z.unknown() }))
    .min(1)
    .max(ADMIN_PAGE_MAX_ROWS),
});
/** NUMBER_TWICE: the file has this customer number on `firstRow` already, and says something else there. */
export const ImportRowError = z.object({
  row: z.int(),
  code: z.enum(['INVALID', 'NUMBER_TWICE']),
  detail: z.string(),
  firstRow: z.int().nullable(),
});
export type ImportRowError = z.infer<typeof ImportRowError>;
/** `repeated`: rows that say the same as an earlier one; they are left out. */
export const AdminImportPage = z.object({ repeated: z.int(), errors: z.array(ImportRowError) });
export type AdminImportPage = z.infer<typeof AdminImportPage>;

/** GET /v1/admin/imports/:id. `waiting`: nothing of it is written yet. `failed`: nothing was, and the commit may be tried again. */
export const AdminImport = z.object({
  state: z.enum(['waiting', 'writing', 'failed', 'done']),
  rows: z.int(),
  /** How many of them the centre knows by their number; only while they wait. */
  known: z.int().nullable(),
  /** While they are written: how many are. */
  written: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  /** Numbers and addresses that are new or changed. */
  contactPoints: z.int(),
});
export type AdminImport = z.infer<typeof AdminImport>;

/**
 * POST /v1/admin/do-not-call: one page of the register that was fetched at `loadedAt`. With `last`, numbers that no page of
 * this load named are taken off the list, and the desks hear how old the list is.
 */
export const AdminDoNotCall = z.object({
  loadedAt: Instant,
  numbers: z.array(z.object({ phone: z.string().min(3).max(64), listedAt: Instant })).max(ADMIN_PAGE_MAX_ROWS),
  last: z.boolean().default(true),
});
export type AdminDoNotCall = z.infer<typeof AdminDoNotCall>;

/**
 * PUT /v1/admin/assignments: one customer on the desks of an agent (`login`) or a team, or off them (`active` false). With `list`
 * it is one of a campaign's. Counts where the business lets desks hold less than everybody.
 */
export const AdminAssignment = z
  .object({
    customerNumber: z.string().trim().min(1).max(40),
    login: z.string().max(60).nullable().default(null),
    team: z.string().max(100).nullable().default(null),
    list: z.string().max(100).optional(),
    until: Instant.nullable().optional(),
    active: z.boolean().default(true),
  })
  .refine(({ login, team }) => (login === null) !== (team === null), { error: 'either login or team' });
export type AdminAssignment = z.infer<typeof AdminAssignment>;

/** DELETE /v1/admin/customers/:id: how many rows became deletions. A repeat erases 0. */
export const EraseResponse = z.object({ erasedRows: z.int() });

/** GET /health. `degraded` is still in service. */
export const Health = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  protocol: z.int(),
  store: z.enum(['pglite', 'postgresql']),
  practice: z.boolean(),
  /** How long the change feed has been held back by an open transaction; warned of at 5 s. */
  horizonLagSeconds: z.number(),
  desks: z.int(),
});
export type Health = z.infer<typeof Health>;
