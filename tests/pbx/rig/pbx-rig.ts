import { join } from 'node:path';
import { type Asterisk, MUSIC_HZ, startAsterisk } from './asterisk.ts';
import { AGENT_HZ, openBrowser, type PbxBrowser } from './browser.ts';
import { CALLER_HZ, type Caller, type CallerOptions, startCaller } from './callers.ts';
import { connectManager, type Manager } from './manager.ts';
import { readSamples } from './sound-files.ts';
import { shareOf, soundingSeconds } from './tones.ts';

/** What the caller heard in a stretch of time; shares as shareOf() gives them. */
interface CallerHeard {
  agent: number;
  /** COLLEAGUE_HZ. */
  colleague: number;
  music: number;
  /** Share of the time in which anything was heard, 0 to 1. */
  sounding: number;
}

/** Everything a test against Asterisk stands on. */
export interface PbxRig {
  /** Another one after restartPbx(). */
  readonly asterisk: Asterisk;
  readonly manager: Manager;
  browser: PbxBrowser;
  /** A caller who is gone after the test at the latest. */
  call: (options: CallerOptions) => Caller;
  /** What the newest caller hears from now on, for this long, as Asterisk sent it to them. */
  callerHears: (seconds: number) => Promise<CallerHeard>;
  /** Ends Asterisk, calls and registrations with it, and starts it again. */
  restartPbx: () => Promise<void>;
  /** Has something closed after the test. */
  afterTest: (close: () => Promise<void>) => void;
  /** To be called after each test: nothing of it rings in the next. */
  endTest: () => Promise<void>;
  close: () => Promise<void>;
}

export { AGENT_HZ, CALLER_HZ };

/** What a second agent sounds like, where a test must tell them apart. */
export const COLLEAGUE_HZ = 1500;

const ON_ITS_WAY_SECONDS = 0.6;

/** @param dialplan in the place of etc/extensions.conf. */
export async function startRig(dialplan?: string): Promise<PbxRig> {
  let asterisk = await startAsterisk(dialplan);
  let manager = await connectManager();
  const browser = await openBrowser();
  let callers: Caller[] = [];
  let closings: (() => Promise<void>)[] = [];
  const endTest = async () => {
    for (const close of closings.reverse()) await close();
    await manager.endAllCalls();
    for (const caller of callers) caller.leave();
    for (const caller of callers) await caller.over.catch(() => undefined);
    closings = [];
    callers = [];
    manager.clear();
  };
  return {
    get asterisk() {
      return asterisk;
    },
    get manager() {
      return manager;
    },
    browser,
    call: (options) => {
      const caller = startCaller(options, callers.length);
      callers.push(caller);
      return caller;
    },
    callerHears: (seconds) => callerHears(asterisk, manager, seconds),
    restartPbx: async () => {
      manager.close();
      await asterisk.stop();
      asterisk = await startAsterisk(dialplan);
      manager = await connectManager();
    },
    afterTest: (close) => closings.push(close),
    endTest,
    close: async () => {
      manager.close();
      await browser.close();
      await asterisk.stop();
    },
  };
}

async function callerHears(asterisk: Asterisk, manager: Manager, seconds: number): Promise<CallerHeard> {
  const caller = manager.seen().findLast((event) => {
    return event.Event === 'Newchannel' && event.Channel?.startsWith('PJSIP/pstn-') === true;
  });
  if (!caller) throw new Error('nobody has called');
  const file = join(asterisk.recordings, `${caller.Uniqueid}-heard.sln48`);
  // What was on its way before this moment, to the caller or into the file, is not what they hear from now on.
  const rate = 48_000;
  const start = readSamples(file).length + ON_ITS_WAY_SECONDS * rate;
  const deadline = Date.now() + seconds * 1000 + 5000;
  for (;;) {
    const stretch = readSamples(file).subarray(start, start + seconds * rate);
    if (stretch.length >= seconds * rate) {
      return {
        agent: shareOf(AGENT_HZ, stretch, rate),
        colleague: shareOf(COLLEAGUE_HZ, stretch, rate),
        music: shareOf(MUSIC_HZ, stretch, rate),
        sounding: soundingSeconds(stretch, rate) / seconds,
      };
    }
    if (Date.now() > deadline) throw new Error(`only ${stretch.length / rate} s of the call were recorded`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
