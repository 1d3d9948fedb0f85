import type { FarCall } from '../../fakes/sip-far-call.ts';
import { SipPeer } from '../../fakes/sip-peer.ts';

/** Sends INVITEs to whoever registered, one after another, and takes each back: a pop without a PBX. */
export interface InviteSender {
  /** The account to give to the phone or page under test. */
  account: ReturnType<SipPeer['account']>;
  /** Resolves when a phone has registered. */
  registered: () => Promise<void>;
  /** Nobody is registered: the next registration is another phone's. */
  forgetPhones: () => void;
  /** Rings with this number; resolves when the phone said 180. */
  ring: (number: string, headers?: string[]) => Promise<FarCall>;
  /** CANCELs the call and waits for its 487. */
  takeBack: (call: FarCall) => Promise<void>;
  stop: () => Promise<void>;
}

/** @param port 0 (the default) finds a free one. */
export async function startInviteSender(port = 0): Promise<InviteSender> {
  const peer = await SipPeer.start({ username: 'bench', password: 'bench', port });
  return {
    account: peer.account(),
    registered: async () => {
      while (peer.bindings.size === 0) await peer.next('REGISTER');
    },
    forgetPhones: () => peer.bindings.clear(),
    ring: async (number, headers = []) => {
      const call = peer.invite({
        from: `<sip:${number}@pbx.test>;tag=${number}`,
        headers: [`P-Asserted-Identity: <sip:${number}@pbx.test>`, ...headers],
      });
      await call.next('180');
      return call;
    },
    takeBack: async (call) => {
      call.cancel();
      await call.next('487');
      call.ack(true);
    },
    stop: () => peer.stop(),
  };
}
