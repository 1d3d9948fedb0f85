import { expect, test } from 'vitest';
import type { CentralClient } from '../../../src/main/central-client.ts';
import type { HostContext } from '../../../src/main/host-context.ts';
import { sealCapsule } from '../../../src/main/transfer-capsules.ts';
import { newId } from '../../../src/shared/ids.ts';

test('a centre that answers nothing while the token is to be renewed: the transfer is told so, and waits no longer', async () => {
  const context = { seat: { reader: () => ({ id: newId() }) } } as unknown as HostContext;
  const asked: string[] = [];
  const central = { ask: async () => asked.push('ask') } as unknown as CentralClient;
  const never = () => new Promise<null>(() => {});
  const capsule = { id: newId(), callId: newId(), customerId: null, note: '환불' };
  await expect(sealCapsule(context, { central, accessToken: never }, capsule)).rejects.toMatchObject({
    code: 'CENTRE_UNREACHABLE',
  });
  expect(asked).toEqual([]);
});
