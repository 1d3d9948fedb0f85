import { ADMIN_PAGE_MAX_ROWS, type AdminDoNotCall, AdminPageResponse } from '../../shared/central-admin-api.ts';
import { DangolError } from '../../shared/errors.ts';
import { instant } from '../customers/dates.ts';
import { sampleCustomers } from '../customers/generator.ts';
import { productRows } from '../customers/products.ts';
import { sampleId } from '../customers/random.ts';
import { doNotCallOf } from '../customers/sample-customer.ts';
import { interactionsFor, type SampleRow, type SampleStaff } from '../customers/sample-row.ts';
import { scenarioPeople } from '../customers/scenario-people.ts';
import { type CentreClient, expect } from './centre-client.ts';
import { hasCustomers } from './configure.ts';
import type { SandboxState } from './state.ts';

export interface SeedOptions {
  centre: CentreClient;
  state: SandboxState;
  save: (state: SandboxState) => void;
  staff: readonly [SampleStaff, ...SampleStaff[]];
  customers: number;
  seed: number;
  now: number;
  progress: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Loads what is missing of the sample: nothing when it is all there, the rest when an earlier load was cut or a bigger
 * sample is asked for. A sample that was begun keeps its seed and its moment.
 */
export async function seedSample(options: SeedOptions): Promise<void> {
  const { centre, state, save } = options;
  if (state.sample && !(await isThere(options, state.sample))) state.sample = null;
  const fresh = state.sample === null;
  const sample = state.sample ?? { seed: options.seed, now: options.now, customers: 0 };
  state.sample = sample;
  if (fresh) {
    const rows: SampleRow[] = productRows(sample.seed).map((data) => ({ table: 'product', data }));
    for (const person of scenarioPeople({ ...sample, staff: options.staff })) rows.push(...person);
    for (let at = 0; at < rows.length; at += ADMIN_PAGE_MAX_ROWS)
      await load(centre, rows.slice(at, at + ADMIN_PAGE_MAX_ROWS));
    save(state);
  }
  const grows = sample.customers < options.customers;
  if (grows) await loadCustomers(options, sample);
  // The register of a sample that is a day old is fetched again, as a business would.
  await loadDoNotCall(centre, sample, options.now);
}

/** The first and the last customer stand for all between: pages are loaded in their order. */
function isThere(options: SeedOptions, sample: NonNullable<SandboxState['sample']>): Promise<boolean> {
  const last = sample.customers === 0 ? [] : [sampleId(sample.seed, 'customer', sample.customers - 1)];
  return hasCustomers(options.centre, options.state, [sampleId(sample.seed, 'customer', -1), ...last]);
}

async function loadCustomers(options: SeedOptions, sample: NonNullable<SandboxState['sample']>): Promise<void> {
  const { centre, state, customers: total } = options;
  const everybody = sampleCustomers({
    seed: sample.seed,
    now: sample.now,
    staff: options.staff,
    interactions: interactionsFor(total),
    from: sample.customers,
    to: total,
  });
  let page: SampleRow[] = [];
  let inPage = 0;
  let savedAt = sample.customers;
  const flush = async () => {
    options.signal?.throwIfAborted();
    await load(centre, page);
    sample.customers += inPage;
    page = [];
    inPage = 0;
    options.progress(sample.customers, total);
    if (sample.customers - savedAt < 1000 && sample.customers < total) return;
    savedAt = sample.customers;
    options.save(state);
  };
  options.progress(sample.customers, total);
  for (const rows of everybody) {
    if (page.length + rows.length > ADMIN_PAGE_MAX_ROWS) await flush();
    page.push(...rows);
    inPage += 1;
  }
  if (inPage > 0) await flush();
}

async function load(centre: CentreClient, rows: SampleRow[]): Promise<void> {
  const path = '/v1/admin/load';
  const { errors } = expect(AdminPageResponse, await centre.post(path, { rows }), path);
  // A customer whom somebody erased stays erased.
  const first = errors.find((error) => error.code !== 'ERASED');
  if (!first) return;
  throw new DangolError('BAD_INPUT', 'call-administrator', {
    detail: `${path}: ${errors.length} rows refused; ${rows[first.index]?.table}: ${first.detail}`,
  });
}

async function loadDoNotCall(
  centre: CentreClient,
  sample: NonNullable<SandboxState['sample']>,
  now: number,
): Promise<void> {
  const loadedAt = instant(now);
  let numbers: AdminDoNotCall['numbers'] = [];
  const send = async (last: boolean) => {
    await centre.post('/v1/admin/do-not-call', { loadedAt, numbers, last } satisfies AdminDoNotCall);
    numbers = [];
  };
  for (let index = 0; index < sample.customers; index += 1) {
    const entry = doNotCallOf(sample.seed, index, sample.now);
    if (entry) numbers.push(entry);
    if (numbers.length === ADMIN_PAGE_MAX_ROWS) await send(false);
  }
  await send(true);
}
