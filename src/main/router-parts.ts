import { implement } from '@orpc/server';
import { contract } from '../shared/contract.ts';
import type { StoreStatus, SyncPanel, SyncStatus } from '../shared/host-types.ts';
import type { CallKeeper } from './call-keeper.ts';
import type { CentralClient } from './central-client.ts';
import type { CustomerDoor } from './customer-360.ts';
import type { EventBus } from './event-bus.ts';
import type { HostContext } from './host-context.ts';
import type { PbxDoor } from './pbx-door.ts';
import type { PhoneClaim } from './phone-claim.ts';
import type { Practice } from './practice.ts';
import type { Session } from './session.ts';

/** What the acts of the contract are made of. */
export interface HostParts {
  context: HostContext;
  door: CustomerDoor;
  session: Session;
  sync: {
    status: () => SyncStatus;
    tryNow: () => void;
    panel: () => SyncPanel;
    /** Somebody decided about held-back work. */
    heldChanged: () => void;
  };
  practice: Practice;
  pbx: PbxDoor;
  phoneClaim: PhoneClaim;
  callKeeper: CallKeeper;
  central: CentralClient;
  bus: EventBus;
  info: { version: string; store: StoreStatus; startedAt: string };
}

export type Implementer = ReturnType<typeof implementerOf>;
function implementerOf() {
  return implement(contract).use(({ next }) => next());
}
