import { expect } from 'vitest';
import { answer, hears } from './agent-acts.ts';
import { CALLER_HZ, COLLEAGUE_HZ, type PbxRig, startRig } from './pbx-rig.ts';
import { type AgentName, openPhone, type PhonePage, servePhonePage, sipAccount } from './phone-page.ts';

export const KIM = { number: '01000001234', name: '김단골', customerRef: 'C-77' };

/** Agents, colleagues and a customer who is handed from one to the other. The agent sounds like 700 Hz, the colleague like 1500. */
export interface HandingOver {
  rig: PbxRig;
  /** A phone that is registered; gone after the test. */
  phoneOf: (username: AgentName, voiceHz?: number | null) => Promise<PhonePage>;
  /** The customers' legs at the PBX. */
  callerLegs: () => Promise<string[]>;
  /** A customer who talks to agent 1. */
  talking: () => Promise<{ agent: PhonePage; callId: string; caller: ReturnType<PbxRig['call']> }>;
  /** The agent asks agent 2, who answers. Resolves with the callId of the consultation. */
  consulted: (agent: PhonePage, colleague: PhonePage, callId: string) => Promise<string>;
  close: () => Promise<void>;
}

export const blind = (phone: PhonePage, callId: string, target: string) =>
  phone.page.evaluate(([id, to]) => globalThis.testPhone.transfer(id, to, { 'X-Dangol-Capsule': 'cap-7' }), [
    callId,
    target,
  ] as const);

/** @param dialplan in the place of etc/extensions.conf. */
export async function startHandingOver(dialplan?: string): Promise<HandingOver> {
  const rig = await startRig(dialplan);
  const site = await servePhonePage();
  const phoneOf: HandingOver['phoneOf'] = async (username, voiceHz = null) => {
    const phone = await openPhone(rig.browser, site.url, sipAccount(username, rig.asterisk.server), voiceHz);
    rig.afterTest(phone.close);
    await phone.until('registered', (state) => (state.registration.state === 'registered' ? true : undefined));
    return phone;
  };
  return {
    rig,
    phoneOf,
    callerLegs: async () =>
      (await rig.asterisk.console('core show channels concise'))
        .split('\n')
        .filter((line) => line.startsWith('PJSIP/pstn-')),
    talking: async () => {
      const agent = await phoneOf('agent1');
      const caller = rig.call({ dial: '101', ...KIM });
      const { callId } = await answer(agent);
      expect(await hears(agent, CALLER_HZ)).toBe(true);
      return { agent, callId, caller };
    },
    consulted: async (agent, colleague, callId) => {
      const consultCallId = await agent.page.evaluate(
        (id) => globalThis.testPhone.consult(id, '102', { 'X-Dangol-Capsule': 'cap-7' }),
        callId,
      );
      const asked = await answer(colleague);
      expect(asked).toMatchObject({ capsule: 'cap-7', caller: { number: '101' } });
      expect(await hears(agent, COLLEAGUE_HZ)).toBe(true);
      return consultCallId;
    },
    close: async () => {
      await site.close();
      await rig.close();
    },
  };
}
