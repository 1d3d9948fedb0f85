import { AdminPutResponse, Health } from '../../shared/central-admin-api.ts';
import { SignInResponse } from '../../shared/central-api.ts';
import { DangolError } from '../../shared/errors.ts';
import { CUSTOM_FIELDS } from '../customers/products.ts';
import type { SampleStaff } from '../customers/sample-row.ts';
import { PBX_HOST } from '../sip/endpoint.ts';
import {
  BREAK_REASONS,
  BUSINESS,
  CURRENT_CUSTOMER,
  DISPOSITIONS,
  MESSAGE_SOURCES,
  QUEUES,
  SERVICE_LEVEL,
  TEAMS,
  USERS,
} from './catalogue.ts';
import { type CentreClient, expect } from './centre-client.ts';
import { type SandboxState, sipPasswordOf } from './state.ts';
import { TEXT_BLOCKS } from './text-blocks.ts';

/** Where the practice lines register and where practice calls are started. */
export interface PracticeAddresses {
  sipUrl: string;
  practiceUrl: string;
}

/** Throws FORBIDDEN unless the centre says that it holds practice data: sample customers must never reach a real one. */
export async function assertPracticeCentre(centre: CentreClient): Promise<void> {
  const health = expect(Health, await centre.get('/health'), '/health');
  if (health.practice) return;
  throw new DangolError('FORBIDDEN', 'call-administrator', {
    detail: 'This centre holds real data. Start one with --practice for the practice call centre.',
  });
}

/** Sets up the business as its administrator would. Every step finds what is already there. Returns who may have written notes. */
export async function configureCentre(
  centre: CentreClient,
  state: SandboxState,
): Promise<[SampleStaff, ...SampleStaff[]]> {
  await centre.put('/v1/admin/business', BUSINESS);
  for (const team of TEAMS) await centre.put('/v1/admin/teams', team);
  for (const queue of QUEUES) await centre.put('/v1/admin/queues', queue);
  for (const disposition of DISPOSITIONS) await centre.put('/v1/admin/dispositions', disposition);
  for (const reason of BREAK_REASONS) await centre.put('/v1/admin/break-reasons', reason);
  for (const block of TEXT_BLOCKS) await centre.put('/v1/admin/text-blocks', block);
  for (const field of CUSTOM_FIELDS) await centre.put('/v1/admin/custom-fields', field);
  for (const source of MESSAGE_SOURCES) await centre.put('/v1/admin/message-sources', source);
  await centre.put('/v1/admin/service-level', SERVICE_LEVEL);
  await centre.put('/v1/admin/current-customer', { rule: CURRENT_CUSTOMER });
  const staff: SampleStaff[] = [];
  for (const user of USERS) {
    const { id } = expect(
      AdminPutResponse,
      await centre.put('/v1/admin/users', { ...user, demo: true }),
      '/v1/admin/users',
    );
    if (user.role !== 'administrator' && id !== null) staff.push({ id, name: user.name });
    await centre.put('/v1/admin/sip-accounts', {
      login: user.login,
      username: user.login,
      password: sipPasswordOf(state, user.login),
      displayName: user.name,
    });
  }
  const [first, ...rest] = staff;
  if (!first) throw new DangolError('CENTRE_NONSENSE', 'call-administrator', { detail: 'No user got an id.' });
  return [first, ...rest];
}

/** Tells the centre where the lines register, once the PBX listens. */
export async function announcePbx(centre: CentreClient, state: SandboxState, at: PracticeAddresses): Promise<void> {
  await centre.put('/v1/admin/pbx', { server: at.sipUrl, domain: PBX_HOST, iceServers: [] });
  await centre.put('/v1/admin/practice', { url: at.practiceUrl, token: state.practiceToken });
}

/** Whether the centre still has these customers: its data may be newer than what this folder remembers. */
export async function hasCustomers(
  centre: CentreClient,
  state: SandboxState,
  ids: readonly string[],
): Promise<boolean> {
  const path = '/v1/sign-in-demo';
  const { accessToken } = expect(
    SignInResponse,
    await centre.post(path, { login: 'admin1', deviceId: state.deviceId }),
    path,
  );
  for (const id of ids) if ((await centre.get(`/v1/customers/${id}`, accessToken)) === null) return false;
  return true;
}
