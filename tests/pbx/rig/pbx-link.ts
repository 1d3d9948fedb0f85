import { startTcpProxy, type TcpProxy } from '../../fakes/tcp-proxy.ts';
import type { CallCentre } from './call-centre.ts';

/** Tells the centre how to hear the PBX, by a wire that can be cut, and what break the business knows. */
export async function linkPbx(centre: CallCentre): Promise<TcpProxy> {
  const wire = await startTcpProxy({ host: '127.0.0.1', port: 5038 });
  const port = Number(new URL(wire.url).port);
  const account = { username: 'dangol-centre', secret: 'centre-loopback' };
  await centre.administer('PUT', '/v1/admin/ami', { host: '127.0.0.1', port, ...account });
  const label = { ko: '점심', en: 'Lunch' };
  await centre.administer('PUT', '/v1/admin/break-reasons', { code: 'lunch', label, order: 1, active: true });
  return wire;
}
