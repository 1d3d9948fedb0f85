import { assertNever } from '../shared/assert-never.ts';
import type { KeptCall } from '../shared/call.ts';
import { CONTRACT_VERSION } from '../shared/contract.ts';
import type { HostEvent, SessionState } from '../shared/host-types.ts';
import type { Desk, DeskParts } from './desk.ts';
import { callKey, customerKey, LOOSE_KEY } from './work-keys.ts';

/** After each (re)connection: nothing on screen is trusted until it was read again. */
export async function readEverything(desk: Desk, parts: DeskParts): Promise<void> {
  const { api, session, settings, line, calls } = desk;
  const wires = desk.connection.getState().wires;
  try {
    void followEvents(desk, wires, parts);
    const info = await api.host.info({});
    session.store.setState({
      store: info.store,
      version: info.version,
      outdated: info.contractVersion !== CONTRACT_VERSION,
    });
    settings.take(info.settings);
    desk.screen.take(info.screenShared);
    const state = await api.session.state({});
    const again = session.store.getState().session?.status === 'signed_in';
    session.setSession(state);
    if (wires === 1) await takeUpCalls(desk, state, parts);
    else {
      desk.kept.skip();
      desk.kept.again();
      await line.claimAgain();
      calls.recordAll();
      readPanesAgain(desk);
      if (again) await readWork(desk);
    }
  } catch (error) {
    desk.kept.skip();
    parts.log('read_failed', { error: String(error) });
  }
}

/** Calls of the page before this one, before anything else is made of them: reloaded, or started again after a crash. */
async function takeUpCalls({ kept, line }: Desk, state: SessionState, { log }: DeskParts): Promise<void> {
  if (state.status !== 'signed_in' || !state.config?.sip) {
    kept.skip();
    return;
  }
  // The one that the agent talked to comes first, and takes the screen.
  const talkingFirst = (a: KeptCall, b: KeptCall) => Number(a.held) - Number(b.held);
  try {
    const calls = await kept.takeUp();
    line.takeUp(calls.toSorted(talkingFirst));
  } catch (error) {
    log('take_up_failed', { error: String(error) });
  }
}

/** A pop that was on its way when the host went is asked again; what is shown is read again. */
export function readPanesAgain({ calls, customers }: Desk): void {
  const { panes } = customers.store.getState();
  for (const call of calls.store.getState().calls) {
    const key = callKey(call.callId);
    const pane = panes[key];
    if (!pane || pane.state === 'loading' || pane.state === 'error') {
      void customers.pop(key, { ...call, number: call.caller.number });
    }
  }
  customers.changed([], true);
}

/** Catalogue, and what the agent had in hand when the page or the host went away. */
export async function readWork(desk: Desk): Promise<void> {
  const { api, session, notes, calls, customers } = desk;
  const who = sitting(desk);
  await session.readCatalogue();
  await desk.kept.settled;
  const { calls: snapshots, drafts } = await api.call.restore({ windowId: desk.windowId });
  // Another agent came while this was on its way.
  if (sitting(desk) !== who) return;
  const inHand = new Set([...snapshots, ...calls.store.getState().calls].map((call) => call.callId));
  for (const draft of drafts) {
    // Of a call that is over and done: the list of drafts has it.
    if (draft.callId !== null && !inHand.has(draft.callId)) continue;
    const key = draft.callId ? callKey(draft.callId) : draft.customerId ? customerKey(draft.customerId) : LOOSE_KEY;
    notes.restore(key, draft);
  }
  // What is taken up goes on: it is no call that ended with its page.
  const left = snapshots.filter(({ callId }) => !desk.kept.has(callId));
  for (const call of calls.restore(left, desk.now())) {
    const key = callKey(call.callId);
    notes.open(key, { callId: call.callId, customerId: call.customerId });
    if (call.customerId) void customers.view(key, call.customerId, call.callId);
    else void customers.pop(key, { ...call, number: call.caller.number });
  }
  await desk.scripts.restore();
  await notes.readKept();
  if (who !== null) await desk.articleDrafts.read(who);
  await desk.ledger.read();
}

function sitting({ session }: Desk): string | null {
  const state = session.store.getState().session;
  return state?.status === 'signed_in' ? state.agent.id : null;
}

async function followEvents(desk: Desk, wires: number, { log }: DeskParts): Promise<void> {
  const same = () => desk.connection.getState().wires === wires && desk.connection.getState().status === 'up';
  while (same()) {
    try {
      for await (const event of await desk.api.host.events({ windowId: desk.windowId })) hear(desk, event);
    } catch (error) {
      if (same()) log('events_failed', { error: String(error) });
    }
    // The stream ended although the host is there: once more, unhurried.
    if (same()) await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function hear(desk: Desk, event: HostEvent): void {
  switch (event.type) {
    case 'sync':
      desk.sync.setStatus(event.status);
      break;
    case 'session':
      desk.session.setSession(event.session);
      break;
    case 'customers_changed':
      desk.customers.changed(event.customerIds, event.all);
      desk.ledger.readSoon();
      break;
    case 'note_mark':
      desk.notes.noteMark(event.noteId, event.mark);
      break;
    case 'phone_taken_over':
      // The event names the window that lost it.
      if (event.windowId === desk.windowId) void desk.line.takenOver();
      break;
    case 'catalogue_changed':
      void desk.session.readCatalogue().catch(() => undefined);
      break;
    case 'pbx':
      desk.pbx.hear(event.agent);
      break;
    case 'screen':
      desk.screen.take(event.shared);
      break;
    case 'recording':
      desk.recordings.hear(event.recording);
      break;
    default:
      assertNever(event);
  }
}
