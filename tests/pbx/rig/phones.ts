import { AGENT_HZ, CALLER_HZ, type PbxRig, startRig } from './pbx-rig.ts';
import { type AgentName, openPhone, type PhonePage, servePhonePage, sipAccount } from './phone-page.ts';

export { AGENT_HZ, CALLER_HZ };

/** The phone of src/telephony in pages of its own against Asterisk, and what every test does with it. */
export interface Phones {
  rig: PbxRig;
  /** The address of the phone's page. */
  url: string;
  /** A phone that is registered; gone after the test. */
  phoneOf: (username: AgentName, server?: string) => Promise<PhonePage>;
  close: () => Promise<void>;
}

export async function startPhones(): Promise<Phones> {
  const rig = await startRig();
  const site = await servePhonePage();
  return {
    rig,
    url: site.url,
    phoneOf: async (username, server = rig.asterisk.server) => {
      const phone = await openPhone(rig.browser, site.url, sipAccount(username, server));
      rig.afterTest(phone.close);
      await registered(phone);
      return phone;
    },
    close: async () => {
      await site.close();
      await rig.close();
    },
  };
}

export const registered = (phone: PhonePage, withinMs?: number) =>
  phone.until('registered', (state) => (state.registration.state === 'registered' ? true : undefined), withinMs);

/** Takes the newest call. */
export async function answer(phone: PhonePage) {
  const { callId } = await phone.call('ringing');
  await phone.page.evaluate((id) => globalThis.testPhone.answer(id), callId);
  return phone.call('talking');
}

export const hears = (phone: PhonePage, hz: number) =>
  phone.page.evaluate((pitch) => globalThis.dangolProbe.hears(pitch, 5000), hz);

/** The PBX's own word that a leg of this name (agent1, pstn) is over. */
export const asteriskHungUp = ({ manager }: PbxRig, channel: string, withinMs?: number) =>
  manager.event(
    `${channel} hung up`,
    (event) => event.Event === 'Hangup' && event.Channel?.startsWith(`PJSIP/${channel}-`) === true,
    withinMs,
  );

export const KIM = { number: '01000001234', name: '김단골', customerRef: 'C-77' };
