import type { z } from 'zod';
import { EraseResponse } from '../shared/central-admin-api.ts';
import type { DisclosureView } from '../shared/contract-privacy.ts';
import { Disclosure } from '../shared/disclosure.ts';
import { DangolError } from '../shared/errors.ts';
import { maskText } from '../shared/masking.ts';
import { type AccessAct, recordAccess } from './access-log.ts';
import type { CentralClient } from './central-client.ts';
import type { HostContext } from './host-context.ts';
import { assertNotShared } from './screen-share.ts';

export interface Privacy {
  read: (request: OfRequest) => Promise<DisclosureView>;
  export: (request: OfRequest) => Promise<Disclosure>;
  erase: (request: OfRequest & { customerNumber: string }) => Promise<{ erasedRows: number }>;
}
interface OfRequest {
  customerId: string;
  reason: string;
}

/** All of a long history, and an erasure of it. */
const TIMEOUT_MS = 30_000;

/**
 * The customer's own view, at the centre: it alone has all of it. Written into this desk's access log before the centre is asked.
 * @throws FORBIDDEN for agents, SIGNED_OUT, LOCKED, CENTRE_UNREACHABLE, NOT_FOUND.
 */
export function createPrivacy(
  context: HostContext,
  { central, accessToken }: { central: CentralClient; accessToken: () => Promise<string | null> },
): Privacy {
  const ask = async <S extends z.ZodType>(
    answer: S,
    { customerId, reason }: OfRequest,
    { action, path, body }: { action: AccessAct['action']; path: string; body: object },
  ): Promise<z.infer<S>> => {
    const reader = context.seat.reader();
    if (reader.role !== 'supervisor' && reader.role !== 'administrator') throw new DangolError('FORBIDDEN', 'none');
    assertNotShared(context);
    const token = await accessToken();
    if (token === null) throw new DangolError('SIGNED_OUT', 'sign-in');
    recordAccess(context, reader.id, [{ action, customerId, context: reason }]);
    const request = { method: 'POST', path: `/v1/customers/${customerId}${path}`, token, answer } as const;
    return central.ask({ ...request, body: { reason, ...body }, timeoutMs: TIMEOUT_MS });
  };
  const disclose = (request: OfRequest, use: 'read' | 'export') =>
    ask(Disclosure, request, {
      ...{ action: use === 'export' ? 'export' : 'disclose', path: '/disclosure', body: { use } },
    });
  return {
    read: async (request) => {
      const { at, customer, merged, rows, looks, counts } = await disclose(request, 'read');
      const country = context.seat.country();
      return {
        ...{ at, counts, customerNumber: customer.customerNumber, merged: merged.length, consents: rows.consent },
        looks: looks.map((look) => ({ ...look, context: maskText(look.context, country) })),
      };
    },
    export: (request) => disclose(request, 'export'),
    erase: async ({ customerNumber, ...request }) =>
      ask(EraseResponse, request, { action: 'erase', path: '/erase', body: { customerNumber } }),
  };
}
