import type { DeskSettings } from '../shared/host-types.ts';
import type { Phone, PhoneCall, PhoneState } from '../telephony/phone-types.ts';
import type { Desk } from './desk.ts';

export interface AutoAnswerOptions {
  setting: () => DeskSettings['autoAnswer'];
  phone: () => Phone | null;
  /** Somebody sits there and can be heard: no break, no wrap-up, a microphone that is not refused or missing. */
  mayAnswer: () => boolean;
  /** One soft tone in the ear: whoever is answered for must know it before the customer speaks. */
  tone: () => void;
}

/**
 * Answers by itself where the setting allows it: every call, or those for which the PBX asks (Call-Info answer-after=0,
 * Alert-Info alert-autoanswer). Never a second call: an agent who talks is not taken away. Each call is considered once.
 */
export function createAutoAnswer(options: AutoAnswerOptions): (state: PhoneState) => void {
  const considered = new Set<string>();
  return ({ calls }) => {
    const live = calls.filter((call) => call.phase !== 'ended');
    for (const callId of considered) if (!live.some((call) => call.callId === callId)) considered.delete(callId);
    for (const call of live) {
      if (call.phase !== 'ringing' || considered.has(call.callId)) continue;
      considered.add(call.callId);
      if (live.length > 1 || !wanted(call, options.setting()) || !options.mayAnswer()) continue;
      options.tone();
      options.phone()?.answer(call.callId);
    }
  };
}

function wanted(call: Extract<PhoneCall, { phase: 'ringing' }>, setting: DeskSettings['autoAnswer']): boolean {
  return setting === 'always' || (setting === 'asked' && call.autoAnswer);
}

/** Whether a call may be answered for the agent: a microphone that opens in an empty room is worse than a call that rings. */
export function isSomebodyThere({ line, pbx, calls, audio }: Pick<Desk, 'line' | 'pbx' | 'calls' | 'audio'>): boolean {
  const { status } = audio.store.getState().microphone;
  const wrappingUp =
    pbx.store.getState().agent?.state.state === 'wrap_up' ||
    calls.store.getState().calls.some((call) => call.stage === 'wrap_up');
  return line.store.getState().wish.state === 'ready' && !wrappingUp && status !== 'denied' && status !== 'missing';
}
