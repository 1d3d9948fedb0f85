import { useEffect, useReducer, useState } from 'react';
import type { PhoneCall, PhoneState } from '../../../src/telephony/phone-types.ts';
import { AgentActs } from './agent-acts.tsx';
import { facetsOf } from './facets.ts';
import { PbxActs } from './pbx-acts.tsx';
import classes from './phone-page.module.css';
import { PHONE_STATES } from './phone-states.ts';
import { createPhoneWorld, type PhoneWorld } from './phone-world.ts';

declare global {
  interface Window {
    /** For tests/e2e/phone-page.spec.ts. */
    phoneWorld?: PhoneWorld;
  }
}

/** The phone of src/telephony by itself: what it says of every state, and buttons for the agent, the far end and the PBX. */
export function PhonePage({ name }: { name: string }) {
  const [world] = useState(() => createPhoneWorld(name === 'backup'));
  const [state, setState] = useState<PhoneState>(() => world.phone.state());
  const [, look] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    window.phoneWorld = world;
    world.pbx.onChange(look);
    return world.phone.subscribe(setState);
  }, [world]);
  useEffect(() => {
    void (PHONE_STATES[name] ?? PHONE_STATES.registered)?.(world).then(() => {
      document.body.dataset.gallery = 'ready';
    });
  }, [world, name]);
  return (
    <main className={classes.page}>
      <header className={classes.head}>
        <h1>The phone, without a host</h1>
        <a href="?">All states</a>
        <label>
          <span>State</span>
          <select value={name} onChange={(event) => window.location.assign(`?phone=${event.currentTarget.value}`)}>
            {Object.keys(PHONE_STATES).map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      </header>
      <PbxActs world={world} onAct={look} />
      <PhoneSays world={world} state={state} />
      <Wire lines={world.pbx.said} />
    </main>
  );
}

function PhoneSays({ world, state }: { world: PhoneWorld; state: PhoneState }) {
  return (
    <section className={classes.part} aria-label="The phone">
      <h2>The phone</h2>
      <ul className={classes.facets} aria-label="What is true now">
        {facetsOf(state).map((facet) => (
          <li key={facet}>{facet}</li>
        ))}
      </ul>
      <AgentActs world={world} state={state} />
      {state.calls.map((call) => (
        <OneCall key={call.callId} call={call} />
      ))}
    </section>
  );
}

function OneCall({ call }: { call: PhoneCall }) {
  const { callId, caller, ...rest } = call;
  return (
    <details className={classes.call} data-phase={call.phase}>
      <summary>
        {call.direction === 'in' ? 'from' : 'to'} {caller.number ?? 'withheld'}: {call.phase}
      </summary>
      <pre>{JSON.stringify({ callId, ...rest }, null, 1)}</pre>
    </details>
  );
}

function Wire({ lines }: { lines: readonly string[] }) {
  return (
    <section className={classes.part} aria-label="On the wire">
      <h2>On the wire</h2>
      <ol className={classes.wire} start={Math.max(1, lines.length - 39)}>
        {lines.slice(-40).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name, and only new ones are added
          <li key={lines.length - Math.min(40, lines.length) + index}>{line}</li>
        ))}
      </ol>
    </section>
  );
}
