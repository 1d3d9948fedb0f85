import { WebSocket } from 'ws';
import { createPhone } from '../../src/telephony/phone.ts';
import type { PhoneEnvironment, Socket } from '../../src/telephony/phone-environment.ts';
import type { Phone, PhoneOptions, PhoneState } from '../../src/telephony/phone-types.ts';
import { pageTimers } from '../../src/telephony/timers.ts';

/** A phone in Node: real sockets, no audio. Everything that needs no WebRTC can be asked of it. */
export interface NodePhone {
  phone: Phone;
  /** Every log line: event and data. */
  log: string[];
  /** The first state, from now on, for which `match` holds. */
  until: (match: (state: PhoneState) => boolean) => Promise<PhoneState>;
  /** Every state that was published. */
  states: PhoneState[];
  /** As the page would say: online again. */
  wake: () => void;
}

export function nodePhone(
  account: PhoneOptions['account'],
  change: Partial<PhoneEnvironment> = {},
  options: Partial<PhoneOptions> = {},
): NodePhone {
  const log: string[] = [];
  const states: PhoneState[] = [];
  let wake = () => {};
  const environment: PhoneEnvironment = {
    openSocket: (url) => new WebSocket(url, 'sip') as Socket,
    startTimer: pageTimers(),
    now: () => Date.now(),
    random: () => Math.random(),
    onWake: (listener) => {
      wake = listener;
      return () => {};
    },
    openPeer: () => {
      throw new Error('no audio in Node');
    },
    openAudio: () => {
      throw new Error('no audio in Node');
    },
    ...change,
  };
  const phone = createPhone(
    {
      account,
      country: 'KR',
      media: { microphone: () => Promise.reject(new Error('no microphone in Node')), play: () => {} },
      log: (event, data) => log.push(`${event} ${JSON.stringify(data ?? {})}`),
      ...options,
    },
    environment,
  );
  phone.subscribe((state) => states.push(state));
  const until = (match: (state: PhoneState) => boolean) =>
    new Promise<PhoneState>((resolve) => {
      if (match(phone.state())) return resolve(phone.state());
      const stop = phone.subscribe((state) => {
        if (!match(state)) return;
        stop();
        resolve(state);
      });
    });
  return { phone, log, until, states, wake: () => wake() };
}

export const isRegistered = (state: PhoneState) => state.registration.state === 'registered';
