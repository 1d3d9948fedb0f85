import { Acts } from './acts.tsx';
import type { FarEnd } from './far-end.ts';
import type { Habits, PagePbx } from './page-pbx.ts';
import classes from './phone-page.module.css';
import type { PhoneWorld } from './phone-world.ts';

const HABITS: { [H in keyof Habits]: readonly Habits[H][] } = {
  line: ['up', 'unreachable', 'no_answer', 'wrong_password', 'refuses'],
  hold: ['agrees', 'refuses', 'no_answer'],
  transfer: ['answered', 'busy', 'rings', 'refuses', 'no_answer'],
};

interface PartProps {
  world: PhoneWorld;
  onAct: () => void;
}

/** What the PBX and whoever is at the other end can do, and how they behave from now on. */
export function PbxActs({ world, onAct }: PartProps) {
  const live = world.pbx.ends.filter((end) => !end.over).toReversed();
  return (
    <section className={classes.part} aria-label="PBX and far end">
      <h2>PBX and far end</h2>
      <Acts acts={actsOfPbx(world.pbx)} />
      {live.map((end) => (
        <div key={end.callId}>
          <h3>{end.number}</h3>
          <Acts acts={end.isCalled() ? actsOfCalled(end) : actsOfEnd(end)} />
        </div>
      ))}
      <h3>From now on</h3>
      <Habit name="line" world={world} onAct={onAct} />
      <Habit name="hold" world={world} onAct={onAct} />
      <Habit name="transfer" world={world} onAct={onAct} />
      <Microphone world={world} onAct={onAct} />
    </section>
  );
}

function actsOfPbx(pbx: PagePbx): Record<string, () => void> {
  return {
    'A customer calls': () => void pbx.call(),
    'Calls, to be answered by itself': () => void pbx.call(['Call-Info: <sip:pbx.test>;answer-after=0']),
    'Lose the line': () => pbx.cut(),
    'Mailbox: 3 new': () => pbx.tellMailbox(3),
    'Mailbox: none': () => pbx.tellMailbox(0),
    '102 rings': () => pbx.tellPresence('102', 'early'),
    '102 talks': () => pbx.tellPresence('102', 'confirmed'),
    '102 is free': () => pbx.tellPresence('102', 'terminated'),
  };
}

function actsOfCalled(end: FarEnd): Record<string, () => void> {
  return {
    'Rings there': () => void end.respond('180 Ringing'),
    'Announces something': () => void end.respond('183 Session Progress'),
    'Answers there': () => void end.respond('200 OK'),
    'Is busy': () => void end.respond('486 Busy Here'),
    'Declines there': () => void end.respond('603 Decline'),
  };
}

function actsOfEnd(end: FarEnd): Record<string, () => void> {
  return {
    'Gives up': () => end.cancel(),
    'Answered elsewhere': () => end.cancel(true),
    'Hangs up there': () => end.bye(),
    'Sound stops': () => end.vanish(),
  };
}

function Habit<H extends keyof Habits>({ name, world: { pbx }, onAct }: PartProps & { name: H }) {
  const choose = (value: string) => {
    const chosen = HABITS[name].find((one) => one === value);
    if (chosen === undefined) return;
    pbx.habits[name] = chosen;
    onAct();
  };
  return (
    <label className={classes.habit}>
      <span>{name}</span>
      <select aria-label={name} value={pbx.habits[name]} onChange={(event) => choose(event.currentTarget.value)}>
        {HABITS[name].map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}

const MICROPHONES = ['works', 'slow', 'denied'] as const;

function Microphone({ world: { microphone }, onAct }: PartProps) {
  const choose = (value: string) => {
    microphone.status = MICROPHONES.find((one) => one === value) ?? 'works';
    onAct();
  };
  return (
    <label className={classes.habit}>
      <span>microphone</span>
      <select aria-label="microphone" value={microphone.status} onChange={(event) => choose(event.currentTarget.value)}>
        {MICROPHONES.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}
