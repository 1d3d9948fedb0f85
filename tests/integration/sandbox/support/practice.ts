import type { PbxTiming } from '../../../../src/sandbox/pbx.ts';
import type { PracticeCallView } from '../../../../src/sandbox/practice-calls.ts';
import { loadScenarios } from '../../../../src/sandbox/scenario.ts';
import { openPracticeServer, type PracticeServer } from '../../../../src/sandbox/server.ts';

export const PASSWORDS: Record<string, string> = { agent1: 'first-password', agent2: 'second-password' };
const TOKEN = 'practice-token-of-this-test';

/** A PBX with two lines and no centre behind it. */
export function openPractice(timing: Partial<PbxTiming> = {}): Promise<PracticeServer> {
  return openPracticeServer({
    port: 0,
    realm: 'practice.invalid',
    secret: Buffer.from('nonce secret of this test'),
    passwordOf: (username) => PASSWORDS[username] ?? null,
    scenarios: loadScenarios(),
    practiceToken: TOKEN,
    log: () => {},
    timing: { answerAfterMs: 50, ...timing },
  });
}

/** Waits until a practice call looks so: the PBX tells nobody, it is asked. */
export async function callBecomes(
  server: PracticeServer,
  id: string,
  fits: (view: PracticeCallView) => boolean,
): Promise<PracticeCallView> {
  for (;;) {
    const view = server.pbx.view(id);
    if (!view) throw new Error(`no call ${id}`);
    if (fits(view)) return view;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function startCall(server: PracticeServer, scenarioId: string, sipUsername: string): string {
  const started = server.pbx.start(scenarioId, sipUsername);
  if (!started.ok) throw new Error(`not started: ${started.why}`);
  return started.practiceCallId;
}
