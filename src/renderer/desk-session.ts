import type { SessionState } from '../shared/host-types.ts';
import type { Desk, DeskParts } from './desk.ts';
import { readWork } from './desk-reading.ts';
import { callKey } from './work-keys.ts';

/** What a change of session means for the rest: the line's account, another agent's screen, work that was left off. */
export function followSession(desk: Desk, parts: Pick<DeskParts, 'log'>): void {
  const { session, calls, line } = desk;
  session.store.subscribe((state, before) => {
    if (state.session === before.session || state.session === null) return;
    const had = agentOf(before.session);
    const another = had !== null && had !== agentOf(state.session);
    applyAccount(desk, state.session, another);
    if (another) forgetAgent(desk);
    if (state.session.status === 'signed_in' && (another || before.session?.status !== 'signed_in')) {
      // Where the host is gone it is read with the next one.
      readWork(desk).catch((error: unknown) => parts.log('read_work_failed', { error: String(error) }));
    }
  });
  calls.store.subscribe((state, before) => {
    if (!isLive(before.calls) || isLive(state.calls)) return;
    // A call outlived its agent: nobody is here to wrap it up; the host offers it to them again.
    if (agentOf(session.store.getState().session) === null) calls.clear();
    void line.settle();
  });
}

function isLive(calls: ReturnType<Desk['calls']['store']['getState']>['calls']): boolean {
  return calls.some((call) => call.stage === 'live');
}

/** Who sits here, also while the desk is locked. */
export function agentOf(session: SessionState | null): string | null {
  return session === null || session.status === 'signed_out' ? null : session.agent.id;
}

function applyAccount({ line }: Desk, session: SessionState, another: boolean): void {
  const config = session.status === 'signed_in' ? session.config : null;
  // A host that was just restarted knows who is signed in before the centre has told it the line again: the line stays.
  if (session.status === 'signed_in' && config === null && !another) return;
  line.setAccount(config?.sip ?? null, config?.policy.country ?? 'KR');
  line.watch('places', config?.sip?.features?.parking ?? []);
}

/** The next agent at this desk sees nothing of the one before; drafts are kept by the host, by author. */
function forgetAgent({
  notes,
  calls,
  customers,
  session,
  sync,
  line,
  pbx,
  parking,
  capsules,
  ledger,
  scripts,
}: Desk): void {
  notes.clear();
  sync.clear();
  pbx.clear();
  // A break is whose it was: nobody finds themselves in another one's.
  line.setWish({ state: 'ready' });
  parking.clear();
  capsules.clear();
  ledger.clear();
  // Before the calls: what is left of a run is its author's, and waits for them.
  scripts.clear();
  customers.clear();
  calls.clear();
  const signedIn = session.store.getState().session?.status === 'signed_in';
  for (const call of calls.store.getState().calls) {
    // Somebody is still on the line: whoever is here now is shown who that is, as themselves.
    const key = callKey(call.callId);
    notes.open(key, { callId: call.callId, customerId: null });
    if (signedIn) void customers.pop(key, { ...call, number: call.caller.number });
  }
}
