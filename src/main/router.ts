import { implement, ORPCError } from '@orpc/server';
import { CONTRACT_VERSION, contract } from '../shared/contract.ts';
import { readAttention, readHeldText, resolveAttention } from './attention.ts';
import { readCallHistory } from './call-history.ts';
import { recordInWindow, wrapUpCall } from './calls.ts';
import { readCatalogue } from './catalogue.ts';
import { readDemoLogins } from './demo-agent.ts';
import { checkDial } from './gate.ts';
import { readLeftWork } from './left-work.ts';
import { certificateTrouble } from './line-trouble.ts';
import { discardDraft, keepDraftInWindow, readDrafts, saveNote } from './notes.ts';
import {
  customerActs,
  followUpActs,
  identityActs,
  knowledgeActs,
  peopleActs,
  privacyActs,
  scriptActs,
  transferActs,
} from './router-customers.ts';
import { messageActs } from './router-messages.ts';
import type { HostParts, Implementer } from './router-parts.ts';
import { readScreenShared, shareScreen } from './screen-share.ts';
import { readSettings, saveSettings } from './settings.ts';
import { signOut } from './sign-out.ts';
import { readTeamHeld } from './team-held.ts';
import { assignCall, readUnassigned } from './unassigned.ts';
import { createWindowHolds, type WindowHolds } from './window-holds.ts';
import { asWireError } from './wire-errors.ts';

type Parts = HostParts & { holds: WindowHolds };
export type HostRouter = ReturnType<typeof createRouter>;

/** The contract, act by act. Nothing is decided here: each line names the function that does it. */
export function createRouter(given: HostParts) {
  const parts: Parts = { ...given, holds: createWindowHolds(given.phoneClaim.isAlive) };
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
    followUp: followUpActs(os, parts),
    identity: identityActs(os, parts),
    people: peopleActs(os, parts),
    privacy: privacyActs(os, parts),
    script: scriptActs(os, parts),
    knowledge: knowledgeActs(os, parts),
    messages: messageActs(os, parts),
  });
}

function hostActs(os: Implementer, parts: HostParts) {
  const { context, session, central, bus, phoneClaim, info } = parts;
  return {
    host: {
      info: os.host.info.handler(() => ({
        ...info,
        contractVersion: CONTRACT_VERSION,
        settings: readSettings(context.outbox),
        screenShared: readScreenShared(context.outbox),
      })),
      events: os.host.events.handler(({ input: { windowId }, signal }) => {
        if (windowId && signal) phoneClaim.follow(windowId, signal);
        return bus.listen(
          [
            // First: what comes after it is already drawn hidden.
            { type: 'screen', shared: readScreenShared(context.outbox) },
            { type: 'session', session: session.state() },
            { type: 'sync', status: parts.sync.status() },
            parts.pbx.now(),
          ],
          signal,
        );
      }),
      saveSettings: os.host.saveSettings.handler(({ input }) => saveSettings(context.outbox, input)),
      shareScreen: os.host.shareScreen.handler(({ input }) => {
        shareScreen(context, input.shared);
        return {};
      }),
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

/** Calls that outlive their page. One whose agent signed out is nobody's to take up, and is ended all the same. */
function keptCallActs(os: Implementer, { session, callKeeper, holds }: Parts) {
  const agentId = () => {
    const state = session.state();
    return state.status === 'signed_out' ? 'nobody' : state.agent.id;
  };
  return {
    keep: os.call.keep.handler(({ input }) => {
      if (input.leaving) holds.leaves(input.windowId);
      return callKeeper.keep(agentId(), input);
    }),
    takeUp: os.call.takeUp.handler(({ input }) => {
      session.author();
      return { calls: [...callKeeper.takeUp(agentId(), input.windowId)] };
    }),
  };
}

function deskActs(os: Implementer, parts: Parts) {
  const { context, sync, practice, pbx, central, session, holds } = parts;
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
      record: os.call.record.handler(({ input: { windowId, ...call } }) =>
        done(recordInWindow(context, holds, call, windowId)),
      ),
      history: os.call.history.handler(() => ({ calls: readCallHistory(context) })),
      restore: os.call.restore.handler(({ input }) => readLeftWork(context, holds, input.windowId)),
      assign: os.call.assign.handler(({ input }) => done(assignCall(context, input))),
      wrapUp: os.call.wrapUp.handler(({ input }) => done(wrapUpCall(context, input))),
    },
    note: {
      drafts: os.note.drafts.handler(() => ({ drafts: readDrafts(outbox, context.seat.reader().id) })),
      draft: os.note.draft.handler(({ input: { windowId, ...draft } }) =>
        keepDraftInWindow(context, holds, draft, windowId),
      ),
      save: os.note.save.handler(({ input }) => saveNote(context, input)),
      unassigned: os.note.unassigned.handler(() => ({ notes: readUnassigned(context) })),
      discardDraft: os.note.discardDraft.handler(({ input }) => done(discardDraft(context, input.noteId))),
    },
    dial: { check: os.dial.check.handler(({ input }) => checkDial(context, input, parts.door.guests)) },
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
