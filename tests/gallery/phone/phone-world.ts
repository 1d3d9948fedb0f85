import { createPhone } from '../../../src/telephony/phone.ts';
import { pageEnvironment } from '../../../src/telephony/phone-environment.ts';
import type { Phone, PhoneCall, PhoneState } from '../../../src/telephony/phone-types.ts';
import { toneStream } from '../../fakes/phone-page/tones.ts';
import { PagePbx } from './page-pbx.ts';

/** The real phone of src/telephony and a PBX in the same page: no host, no centre, no network. */
export interface PhoneWorld {
  pbx: PagePbx;
  phone: Phone;
  /** `slow`: it is not there yet, and the answer waits for it. */
  microphone: { status: 'works' | 'slow' | 'denied' };
  /** Timers that the phone starts from now on ring this many times sooner; below 1: later, so that what passes can be looked at. */
  hurry: (factor: number) => void;
  until: (is: (state: PhoneState) => boolean) => Promise<void>;
  /** Resolves with the newest call that is in this phase. */
  call: <P extends PhoneCall['phase']>(phase: P) => Promise<Extract<PhoneCall, { phase: P }>>;
}

const ACCOUNT = {
  server: 'wss://first.page.invalid/ws',
  domain: 'pbx.test',
  username: 'agent1',
  password: 'practice-secret',
  displayName: '',
  iceServers: [],
};

const BACKUP = { backupServers: ['wss://backup.page.invalid/ws'] };

/** Not started yet: a state may want to see the line before it is there. `backup`: there is a second server. */
export function createPhoneWorld(backup: boolean): PhoneWorld {
  const pbx = new PagePbx();
  const microphone: PhoneWorld['microphone'] = { status: 'works' };
  const environment = pageEnvironment();
  let factor = 1;
  const phone = createPhone(
    {
      account: { ...ACCOUNT, ...(backup ? BACKUP : {}) },
      country: 'KR',
      media: { microphone: () => openMicrophone(microphone), play },
      log: () => undefined,
    },
    {
      ...environment,
      random: () => 0.5,
      openSocket: (url) => pbx.openSocket(url),
      startTimer: (milliseconds, ring) => environment.startTimer(milliseconds / factor, ring),
    },
  );
  const until = (is: (state: PhoneState) => boolean) =>
    new Promise<void>((resolve) => {
      const stop = phone.subscribe((state) => is(state) && done());
      const done = () => {
        stop();
        resolve();
      };
      if (is(phone.state())) done();
    });
  return {
    pbx,
    phone,
    microphone,
    hurry: (to) => {
      factor = to;
    },
    until,
    call: async (phase) => {
      const find = ({ calls }: PhoneState) => calls.findLast((call) => call.phase === phase);
      await until((state) => find(state) !== undefined);
      return find(phone.state()) as Extract<PhoneCall, { phase: typeof phase }>;
    },
  };
}

function openMicrophone({ status }: PhoneWorld['microphone']): Promise<MediaStream> {
  if (status === 'denied') return Promise.reject(new DOMException('denied', 'NotAllowedError'));
  return status === 'slow' ? new Promise(() => undefined) : Promise.resolve(toneStream(440));
}

const speakers = new Map<string, HTMLAudioElement>();

function play(callId: string, remote: MediaStream | null): void {
  const speaker = speakers.get(callId) ?? new Audio();
  speakers.set(callId, speaker);
  speaker.srcObject = remote;
  if (remote) void speaker.play().catch(() => undefined);
}
