import { implement, ORPCError } from '@orpc/server';
import { CONTRACT_VERSION, contract } from '../shared/contract.ts';
import type { StoreStatus, SyncPanel, SyncStatus } from '../shared/host-types.ts';
import { readAttention, readHeldText, resolveAttention } from './attention.ts';
import { readCallHistory } from './call-history.ts';
import type { CallKeeper } from './call-keeper.ts';
import { readOpenCalls, recordCall, wrapUpCall } from './calls.ts';
import { readCatalogue } from './catalogue.ts';
import type { CentralClient } from './central-client.ts';
import type { CustomerDoor } from './customer-360.ts';
import { askCentre, createCustomer, pickCustomer } from './customer-acts.ts';
import { settleField, updateCustomer } from './customer-edit.ts';
import { readDemoLogins } from './demo-agent.ts';
import type { EventBus } from './event-bus.ts';
import { checkDial } from './gate.ts';
import type { HostContext } from './host-context.ts';
import { certificateTrouble } from './line-trouble.ts';
import { discardDraft, keepDraft, readDrafts, saveNote } from './notes.ts';
import type { PbxDoor } from './pbx-door.ts';
import type { PhoneClaim } from './phone-claim.ts';
import type { Practice } from './practice.ts';
import { searchCustomers } from './search.ts';
import type { Session } from './session.ts';
import { readSettings, saveSettings } from './settings.ts';
import { signOut } from './sign-out.ts';
import { readTeamHeld } from './team-held.ts';
import { openCapsule, sealCapsule } from './transfer-capsules.ts';
import { assignCall, readUnassigned } from './unassigned.ts';
import { asWireError } from './wire-errors.ts';

export interface HostParts {
  context: HostContext;
  door: CustomerDoor;
  session: Session;
  sync: {
    status: () => SyncStatus;
    tryNow: () => void;
    panel: () => SyncPanel;
    /** Somebody decided about held-back work. */
    heldChanged: () => void;
  };
  practice: Practice;
  pbx: PbxDoor;
  phoneClaim: PhoneClaim;
  callKeeper: CallKeeper;
  central: CentralClient;
  bus: EventBus;
  info: { version: string; store: StoreStatus; startedAt: string };
}

export type HostRouter = ReturnType<typeof createRouter>;

/** The contract, act by act. Nothing is decided here: each line names the function that does it. */
export function createRouter(parts: HostParts) {
  const os = implement(contract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw asWireError(error, parts.context);
    }
  });
  return os.router({
    ...hostActs(os, parts),
    ...deskActs(os, parts),
    customer: customerActs(os, parts),
    transfer: transferActs(os, parts),
  });
}

type Implementer = ReturnType<typeof implementerOf>;
function implementerOf() {
  return implement(contract).use(({ next }) => next());
}

function hostActs(os: Implementer, parts: HostParts) {
  const { context, session, central, bus, phoneClaim, info } = parts;
  return {
    host: {
      info: os.host.info.handler(() => ({
        ...info,
        contractVersion: CONTRACT_VERSION,
        settings: readSettings(context.outbox),
      })),
      events: os.host.events.handler(({ input: { windowId }, signal }) => {
        if (windowId && signal) phoneClaim.follow(windowId, signal);
        return bus.listen(
          [
            { type: 'session', session: session.state() },
            { type: 'sync', status: parts.sync.status() },
            parts.pbx.now(),
          ],
          signal,
        );
      }),
      saveSettings: os.host.saveSettings.handler(({ input }) => saveSettings(context.outbox, input)),
      claimPhone: os.host.claimPhone.handler(({ input }) => phoneClaim.claim(input.windowId, input.takeOver)),
      releasePhone: os.host.releasePhone.handler(({ input }) => {
        phoneClaim.release(input.windowId);
        return {};
      }),
      lineTrouble: os.host.lineTrouble.handler(async () => ({
        certificate: await certificateTrouble(session.config()?.sip?.server ?? '', context.clock.now()),
      })),
    },
    session: {
      state: os.session.state.handler(() => session.state()),
      signIn: os.session.signIn.handler(({ input }) => session.signIn(input.login, input.password)),
      demoLogins: os.session.demoLogins.handler(() => readDemoLogins(central, session.state().practice)),
      signInDemo: os.session.signInDemo.handler(({ input }) => session.signInDemo(input.login)),
      signOut: os.session.signOut.handler(({ input }) => signOut(context, session, input.keepUnsent)),
    },
  };
}

function customerActs(os: Implementer, { context, door, session, central }: HostParts) {
  return {
    open: os.customer.open.handler(({ input }) => door.openByPhone(input)),
    view: os.customer.view.handler(({ input }) =>
      door.readCustomer(
        { customerId: input.customerId, callId: input.callId, unmasked: false },
        input.reread ? null : { action: 'view', context: input.callId === null ? 'search' : `call ${input.callId}` },
      ),
    ),
    peek: os.customer.peek.handler(({ input }) =>
      door.readCustomer(
        { customerId: input.customerId, callId: input.callId ?? null, unmasked: true },
        { action: 'peek', context: input.reason },
      ),
    ),
    pick: os.customer.pick.handler(({ input }) => pickCustomer(context, door, input)),
    create: os.customer.create.handler(({ input }) => createCustomer(context, door, input)),
    askCentre: os.customer.askCentre.handler(({ input }) =>
      askCentre(context, door, { central, accessToken: () => session.accessToken() }, input),
    ),
    update: os.customer.update.handler(({ input }) => updateCustomer(context, door, input)),
    settle: os.customer.settle.handler(({ input }) => settleField(context, door, input)),
    search: os.customer.search.handler(({ input }) => ({ candidates: searchCustomers(context, input.text) })),
  };
}

function transferActs(os: Implementer, { context, central, session }: HostParts) {
  const deps = { central, accessToken: () => session.accessToken() };
  return {
    seal: os.transfer.seal.handler(async ({ input }) => {
      await sealCapsule(context, deps, input);
      return {};
    }),
    open: os.transfer.open.handler(({ input }) => openCapsule(context, deps, input.id)),
  };
}

/** Calls that outlive their page. One whose agent signed out is nobody's to take up, and is ended all the same. */
function keptCallActs(os: Implementer, { session, callKeeper }: HostParts) {
  const agentId = () => {
    const state = session.state();
    return state.status === 'signed_out' ? 'nobody' : state.agent.id;
  };
  return {
    keep: os.call.keep.handler(({ input }) => callKeeper.keep(agentId(), input)),
    takeUp: os.call.takeUp.handler(({ input }) => {
      session.author();
      return { calls: [...callKeeper.takeUp(agentId(), input.windowId)] };
    }),
  };
}

function deskActs(os: Implementer, parts: HostParts) {
  const { context, sync, practice, pbx, central, session } = parts;
  const { outbox } = context;
  const done = (_: unknown) => ({});
  return {
    catalogue: {
      read: os.catalogue.read.handler(() => {
        context.seat.author();
        return readCatalogue(context.cache);
      }),
    },
    call: {
      ...keptCallActs(os, parts),
      record: os.call.record.handler(({ input }) => done(recordCall(context, input))),
      history: os.call.history.handler(() => ({ calls: readCallHistory(context) })),
      restore: os.call.restore.handler(() => {
        const { id } = context.seat.reader();
        return { calls: readOpenCalls(outbox, id, context.clock.now()), drafts: readDrafts(outbox, id) };
      }),
      assign: os.call.assign.handler(({ input }) => done(assignCall(context, input))),
      wrapUp: os.call.wrapUp.handler(({ input }) => done(wrapUpCall(context, input))),
    },
    note: {
      drafts: os.note.drafts.handler(() => ({ drafts: readDrafts(outbox, context.seat.reader().id) })),
      draft: os.note.draft.handler(({ input }) => keepDraft(context, input)),
      save: os.note.save.handler(({ input }) => saveNote(context, input)),
      unassigned: os.note.unassigned.handler(() => ({ notes: readUnassigned(context) })),
      discardDraft: os.note.discardDraft.handler(({ input }) => done(discardDraft(context, input.noteId))),
    },
    dial: { check: os.dial.check.handler(({ input }) => checkDial(context, input)) },
    sync: {
      status: os.sync.status.handler(() => sync.status()),
      tryNow: os.sync.tryNow.handler(() => done(sync.tryNow())),
      attention: os.sync.attention.handler(() => readAttention(context)),
      heldText: os.sync.heldText.handler(({ input }) => readHeldText(context, input.opId)),
      resolve: os.sync.resolve.handler(({ input }) => {
        resolveAttention(context, input);
        return done(sync.heldChanged());
      }),
      panel: os.sync.panel.handler(() => sync.panel()),
      teamHeld: os.sync.teamHeld.handler(() =>
        readTeamHeld(context, { central, accessToken: () => session.accessToken() }),
      ),
    },
    pbx: {
      setState: os.pbx.setState.handler(({ input }) => pbx.setState(input)),
      recording: os.pbx.recording.handler(({ input }) => pbx.recording(input)),
    },
    practice: {
      scenarios: os.practice.scenarios.handler(() => practice.scenarios()),
      start: os.practice.start.handler(({ input }) => practice.start(input.scenarioId)),
    },
  };
}

interface UnknownActOptions<R extends { matched: boolean }> {
  next: () => Promise<R>;
}

/** For the shells' RPC handlers (`rootInterceptors`): an act that the contract does not have answers BAD_INPUT, not silence. */
export async function answerUnknownActs<R extends { matched: boolean }>({ next }: UnknownActOptions<R>) {
  const result = await next();
  if (result.matched) return result;
  const error = new ORPCError('BAD_INPUT', { data: { next: 'check-input', detail: 'no such act' }, defined: true });
  const response = { status: error.status, headers: {}, body: { json: error.toJSON() } };
  return { matched: true as const, response };
}
