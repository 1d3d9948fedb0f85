import { z } from 'zod';
import { DeskConfig, SignInResponse } from '../../src/shared/central-api.ts';
import { newId } from '../../src/shared/ids.ts';
import { PracticeCallResponse } from '../../src/shared/practice.ts';

/** What the practice PBX says of one call: src/sandbox, GET /practice/calls/:id. */
const PracticeCallView = z.object({
  state: z.string(),
  endedBy: z.string().nullable(),
  media: z.object({ packetsIn: z.number(), peakIn: z.number().nullable(), dtmf: z.string() }).nullable(),
});

/** How a practice call is going, as the caller's side sees it. `heard`: sound, not silence, came from the desk. */
export async function practiceCall(centralUrl: string, login: string, practiceCallId: string) {
  const { practice } = await lineOf(centralUrl, login);
  const view = PracticeCallView.parse(await ask(`${practice.url}/calls/${practiceCallId}`, practice.token));
  return { ...view, heard: (view.media?.peakIn ?? -100) > -50 };
}

/**
 * Lets a practice caller ring an agent's line without a touch on any desk's page.
 * @param login a demo login (agent1, …); its line is waited for, at most 30 s.
 * @returns the practice call's id.
 */
export async function ringDesk(centralUrl: string, login: string, scenarioId: string): Promise<string> {
  const { practice, sip } = await lineOf(centralUrl, login);
  await registered(practice, sip.username);
  const request = { scenarioId, sipUsername: sip.username };
  const started = await ask(`${practice.url}/calls`, practice.token, request);
  return PracticeCallResponse.parse(started).practiceCallId;
}

async function lineOf(centralUrl: string, login: string) {
  const signIn = SignInResponse.parse(await ask(`${centralUrl}/v1/sign-in-demo`, null, { login, deviceId: newId() }));
  const { practice, sip } = DeskConfig.parse(await ask(`${centralUrl}/v1/desk-config`, signIn.accessToken));
  if (!practice || !sip) throw new Error('the centre names no practice call centre, or this agent has no line');
  return { practice, sip };
}

const Registered = z.object({ registered: z.array(z.string()) });

async function registered(practice: { url: string; token: string }, username: string): Promise<void> {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    const state = Registered.parse(await ask(`${practice.url}/calls`, practice.token));
    if (state.registered.includes(username)) return;
    // The PBX tells nobody of a registration: asking is the only way.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the line ${username} did not register in 30 s`);
}

async function ask(url: string, token: string | null, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
