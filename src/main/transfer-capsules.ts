import { z } from 'zod';
import { DangolError } from '../shared/errors.ts';
import { OpenedCapsule, type TransferCapsule } from '../shared/transfer-capsule.ts';
import { recordAccess } from './access-log.ts';
import type { CentralClient } from './central-client.ts';
import type { HostContext } from './host-context.ts';

/** A transfer waits for its capsule no longer than an agent notices; without it the call goes all the same. */
const TIMEOUT_MS = 1500;

export interface CapsuleDeps {
  central: CentralClient;
  accessToken: () => Promise<string | null>;
}

/** Leaves the story of a call at the centre, for whoever gets the call. @throws SIGNED_OUT, CENTRE_UNREACHABLE. */
export async function sealCapsule(context: HostContext, deps: CapsuleDeps, capsule: TransferCapsule): Promise<void> {
  context.seat.reader();
  await withinTimeout(send(deps, capsule));
}

async function send(deps: CapsuleDeps, capsule: TransferCapsule): Promise<void> {
  const token = await tokenOf(deps);
  const answer = z.object({});
  const request = {
    method: 'POST',
    path: '/v1/transfers',
    body: capsule,
    token,
    answer,
    timeoutMs: TIMEOUT_MS,
  } as const;
  await deps.central.ask(request);
}

/** The story that came with a call; a look at its customer. @throws NOT_FOUND, SIGNED_OUT, CENTRE_UNREACHABLE. */
export async function openCapsule(context: HostContext, deps: CapsuleDeps, id: string): Promise<OpenedCapsule> {
  const reader = context.seat.reader();
  const token = await tokenOf(deps);
  const capsule = await deps.central.ask({
    path: `/v1/transfers/${encodeURIComponent(id)}`,
    token,
    answer: OpenedCapsule,
    timeoutMs: TIMEOUT_MS * 2,
  });
  const { customerId } = capsule;
  if (customerId !== null) {
    recordAccess(context, reader.id, [{ action: 'view', customerId, context: `transfer ${capsule.callId}` }]);
  }
  return capsule;
}

async function tokenOf({ accessToken }: CapsuleDeps): Promise<string> {
  const token = await accessToken();
  if (token === null) throw new DangolError('SIGNED_OUT', 'sign-in');
  return token;
}

/** The token may have to be renewed first, which has a patience of its own: the customer's is shorter. */
async function withinTimeout(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DangolError('CENTRE_UNREACHABLE', 'check-network')), TIMEOUT_MS);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
