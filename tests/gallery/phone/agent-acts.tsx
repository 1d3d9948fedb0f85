import type { PhoneCall, PhoneState } from '../../../src/telephony/phone-types.ts';
import { Acts } from './acts.tsx';
import classes from './phone-page.module.css';
import type { PhoneWorld } from './phone-world.ts';

/** Everything that an agent can do with the phone, in each state what is possible in it. */
export function AgentActs({ world: { phone }, state }: { world: PhoneWorld; state: PhoneState }) {
  const line: Record<string, () => void> =
    state.registration.state === 'stopped'
      ? { 'Start the phone': phone.start }
      : {
          'Stop the phone': () => void phone.stop(),
          'Call 01000005678': () => void phone.call('01000005678'),
          'Watch 102': () => phone.watch(['102']),
        };
  return (
    <>
      <Acts acts={line} />
      {state.calls.map((call) => (
        <div key={call.callId} className={classes.callActs}>
          <h3>
            {call.caller.number ?? 'withheld'}: {call.phase}
          </h3>
          <Acts acts={actsOf(phone, call, state)} />
        </div>
      ))}
    </>
  );
}

function actsOf(phone: PhoneWorld['phone'], call: PhoneCall, state: PhoneState): Record<string, () => void> {
  const { callId } = call;
  const hangUp = { 'Hang up': () => phone.hangUp(callId) };
  if (call.phase === 'ended') return { 'Forget it': () => phone.forget(callId) };
  if (call.phase === 'ringing') {
    return {
      'Answer it': () => phone.answer(callId),
      'Decline it': () => phone.decline(callId),
      'Send to 102': () => phone.decline(callId, { to: '102' }),
    };
  }
  return call.phase === 'talking' ? { ...talkingActs(phone, call, state), ...hangUp } : hangUp;
}

function talkingActs(
  phone: PhoneWorld['phone'],
  call: Extract<PhoneCall, { phase: 'talking' }>,
  { calls }: PhoneState,
): Record<string, () => void> {
  const { callId } = call;
  const colleague = calls.find((one) => one.consultFor === callId && one.phase === 'talking');
  const consult = colleague && {
    'Connect the two': () => phone.completeTransfer(callId, colleague.callId),
    'Three together': () => phone.conference(callId, colleague.callId),
  };
  return {
    [call.muted ? 'Unmute' : 'Mute it']: () => phone.setMuted(callId, !call.muted),
    [call.hold === 'none' ? 'Put on hold' : 'Take back']: () =>
      call.hold === 'none' ? phone.hold(callId) : phone.resume(callId),
    'Keys 1 2 #': () => phone.sendDtmf(callId, '12#'),
    'Transfer to 102': () => phone.transfer(callId, '102'),
    ...(call.consultFor === null && !colleague ? { 'Ask 102': () => void phone.consult(callId, '102') } : {}),
    ...consult,
    ...(call.conference && call.consultFor === null ? { 'Apart again': () => phone.splitConference() } : {}),
  };
}
