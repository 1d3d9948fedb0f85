import { z } from 'zod';
import {
  AdminAssignment,
  AdminCurrentCustomer,
  AdminCustomField,
  AdminList,
  AdminProduct,
  AdminPutResponse,
  AdminServiceLevel,
} from '../../shared/central-admin-api.ts';
import {
  AdminBreakReason,
  AdminBusiness,
  AdminDisposition,
  AdminPbx,
  AdminPractice,
  AdminQueue,
  AdminSipAccount,
  AdminTeam,
  AdminTextBlock,
  AdminUser,
} from '../../shared/central-api.ts';
import { unaskable } from '../../shared/current-customer.ts';
import { type CustomField, fieldsOf } from '../../shared/customer.ts';
import { AdminMailbox, MessageKeeping } from '../../shared/message.ts';
import { AmiSetting } from '../../shared/pbx.ts';
import { disableUser, listSipAccounts, listUsers, putSipAccount, putUser } from '../admin/accounts.ts';
import { putAssignment } from '../admin/assignments.ts';
import { putByKey } from '../admin/natural-keys.ts';
import { putCustomField, putProduct } from '../admin/own-fields.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { putMailbox } from '../messages/account.ts';
import { CentralProblem, PROBLEMS } from '../problem.ts';
import { listRecords } from '../records.ts';
import { putServiceLevel } from '../service-level.ts';
import { readSetting, writeSetting } from '../settings.ts';
import { readEpoch, renewEpoch } from '../sync/epoch.ts';

/** One PUT of one thing, found again by its natural key. */
function put<B extends z.ZodType>(
  app: CentralApp,
  context: CentralContext,
  thing: string,
  body: B,
  act: (body: z.infer<B>) => Promise<z.infer<typeof AdminPutResponse>>,
): void {
  app.put(
    `/v1/admin/${thing}`,
    { schema: { tags: ['administration'], body, response: { 200: AdminPutResponse, ...PROBLEMS } } },
    async (request) => {
      const done = await act(request.body as z.infer<B>);
      context.hub.changed();
      return done;
    },
  );
}

function list(app: CentralApp, thing: string, read: () => Promise<object[]>): void {
  app.get(
    `/v1/admin/${thing}`,
    { schema: { tags: ['administration'], response: { 200: AdminList, ...PROBLEMS } } },
    async () => AdminList.parse({ items: await read() }),
  );
}

export function adminRoutes(app: CentralApp, context: CentralContext): void {
  const { db } = context.store;
  catalogue(app, context);
  list(app, 'users', () => listUsers(db));
  put(app, context, 'users', AdminUser, (user) => putUser({ db, ...context }, user));
  app.delete(
    '/v1/admin/users/:login',
    {
      schema: {
        tags: ['administration'],
        params: z.object({ login: AdminUser.shape.login }),
        response: { 200: z.object({}), ...PROBLEMS },
      },
    },
    async ({ params }) => {
      await disableUser(db, context.clock, params.login);
      return {};
    },
  );
  list(app, 'sip-accounts', () => listSipAccounts(db));
  put(app, context, 'sip-accounts', AdminSipAccount, (sip) => putSipAccount(db, sip));
  settings(app, context);
  put(app, context, 'assignments', AdminAssignment, (one) => putAssignment(db, one));
  app.post(
    '/v1/admin/new-epoch',
    { schema: { tags: ['administration'], response: { 200: z.object({ epoch: z.string() }), ...PROBLEMS } } },
    async () => {
      await renewEpoch(db, await readEpoch(context.store));
      context.hub.changed();
      return { epoch: (await readEpoch(context.store)).name };
    },
  );
}

function catalogue(app: CentralApp, context: CentralContext): void {
  const { db } = context.store;
  list(app, 'teams', () => listRecords(db, 'team'));
  put(app, context, 'teams', AdminTeam, (team) => putByKey(db, 'team', 'name', team));
  list(app, 'queues', () => listRecords(db, 'queue'));
  put(app, context, 'queues', AdminQueue, (queue) => putByKey(db, 'queue', 'name', queue));
  list(app, 'dispositions', () => listRecords(db, 'disposition'));
  put(app, context, 'dispositions', AdminDisposition, (code) => putByKey(db, 'disposition', 'code', code));
  list(app, 'break-reasons', () => listRecords(db, 'break_reason'));
  put(app, context, 'break-reasons', AdminBreakReason, (reason) => putByKey(db, 'break_reason', 'code', reason));
  list(app, 'text-blocks', () => listRecords(db, 'text_block'));
  put(app, context, 'text-blocks', AdminTextBlock, (block) => putByKey(db, 'text_block', 'code', block));
  list(app, 'custom-fields', () => listRecords(db, 'custom_field'));
  put(app, context, 'custom-fields', AdminCustomField, (field) => putCustomField(db, field));
  list(app, 'products', () => listRecords(db, 'product'));
  list(app, 'service-level', () => listRecords(db, 'service_level'));
  put(app, context, 'service-level', AdminServiceLevel, (level) => putServiceLevel(db, level));
  put(app, context, 'products', AdminProduct, (product) => putProduct(db, product));
}

function settings(app: CentralApp, context: CentralContext): void {
  const { db } = context.store;
  const stored = { id: null, created: false };
  list(app, 'pbx', async () => [await readSetting(db, 'pbx')].flatMap((pbx) => pbx ?? []));
  put(app, context, 'pbx', AdminPbx, async (pbx) => {
    await writeSetting(db, 'pbx', pbx);
    return stored;
  });
  list(app, 'ami', async () => {
    const ami = await readSetting(db, 'ami');
    if (ami === null) return [];
    const { secret: _, ...rest } = ami;
    return [rest];
  });
  put(app, context, 'ami', AmiSetting.nullable(), async (ami) => {
    await writeSetting(db, 'ami', ami);
    await context.pbx.settingChanged();
    return stored;
  });
  list(app, 'mailbox', async () => {
    const stored = await readSetting(db, 'mailbox');
    if (stored === null) return [];
    const { sealed, ...rest } = stored;
    return [{ ...rest, password: sealed === null ? 'environment' : 'kept', ...(await context.messages.state()) }];
  });
  put(app, context, 'mailbox', AdminMailbox.nullable(), async (mailbox) => {
    await putMailbox(db, context.secrets, mailbox);
    await context.messages.settingChanged();
    return stored;
  });
  list(app, 'message-keeping', async () => [await readSetting(db, 'messageKeeping')]);
  put(app, context, 'message-keeping', MessageKeeping, async (keeping) => {
    await writeSetting(db, 'messageKeeping', keeping);
    return stored;
  });
  list(app, 'business', async () => [await readSetting(db, 'business')]);
  put(app, context, 'business', AdminBusiness, async (business) => {
    const { blockedBy } = business.policy;
    const problem = blockedBy === undefined ? null : notYesOrNo(blockedBy, await listRecords(db, 'custom_field'));
    if (problem) throw new CentralProblem('BAD_INPUT', { detail: problem });
    await writeSetting(db, 'business', business);
    return stored;
  });
  list(app, 'current-customer', async () => [await readSetting(db, 'currentCustomer')].flatMap((rule) => rule ?? []));
  put(app, context, 'current-customer', AdminCurrentCustomer, async ({ rule }) => {
    const problem = rule && unaskable(rule, await listRecords(db, 'custom_field'));
    if (problem) throw new CentralProblem('BAD_INPUT', { detail: problem });
    await writeSetting(db, 'currentCustomer', rule);
    return stored;
  });
  put(app, context, 'practice', AdminPractice, async (practice) => {
    await writeSetting(db, 'practice', practice);
    return stored;
  });
}

/** A rule that asks a field which nobody can fill in would let everybody through. */
function notYesOrNo(key: string, own: readonly CustomField[]): string | null {
  const field = fieldsOf(own, 'customer').find((one) => one.key === key);
  if (!field) return `blockedBy: there is no field ${key} of customers`;
  return field.type === 'boolean' ? null : `blockedBy: ${key} is a ${field.type} field, not a yes-or-no field`;
}
