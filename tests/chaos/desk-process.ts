import { endForRepair } from '../../src/main/host.ts';
import { newId } from '../../src/shared/ids.ts';
import { hostStart, openPortDesk, type TestDesk } from '../fakes/desk.ts';
import { type Order, OrderSchema, type Told } from './desk-orders.ts';

/**
 * A desk's host in a process of its own, with an agent who never stops typing and saving notes. It tells its parent what the
 * host answered for, and may be stopped, killed and started again on its folder at any time.
 */
const tell = (what: Told) => process.send?.(what);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function work({ api }: TestDesk, order: Extract<Order, { type: 'begin' }>, goOn: () => boolean): Promise<void> {
  // The centre may be away: an agent tries again, and a kept session needs no sign-in.
  while (goOn() && (await api.session.state({})).status !== 'signed_in') {
    await api.session.signIn({ login: order.login, password: order.password }).catch(() => pause(300));
  }
  for (let n = 0; goOn(); n += 1) {
    const noteId = newId();
    const text = `${order.login} writes ${noteId}`;
    const customerId = order.customers[n % order.customers.length] ?? null;
    await api.note.draft({ noteId, callId: null, customerId, text, revision: 1 });
    tell({ type: 'typed', noteId, text });
    await api.note.save({ noteId, callId: null, customerId, text });
    tell({ type: 'saved', noteId, text });
    await pause(order.everyMs);
  }
}

let desk: TestDesk | null = null;
let resting = false;

async function obey(order: Order): Promise<void> {
  if (order.type === 'begin') {
    const opened = await openPortDesk(hostStart(order.folder, order.centralUrl), { onDamage: endForRepair });
    desk = opened;
    await work(opened, order, () => !resting);
  }
  if (order.type === 'rest') resting = true;
  if (order.type === 'status' && desk) {
    const { phase, pending, attention } = await desk.api.sync.status({});
    tell({ type: 'status', phase, pending, attention });
  }
  if (order.type === 'end') {
    await desk?.close();
    process.exit(0);
  }
}

process.on('message', (data) => {
  obey(OrderSchema.parse(data)).catch((error: unknown) => {
    console.error('desk process:', error);
    process.exit(70);
  });
});
