import { keepArticleDraft, readArticleDrafts } from './article-drafts.ts';
import { askCentre, createCustomer, pickCustomer } from './customer-acts.ts';
import { settleField, updateCustomer } from './customer-edit.ts';
import { createIdentity } from './duplicates.ts';
import { changeCase, changePromise, makePromise, openCase } from './follow-ups.ts';
import { readArticle, recordArticleUse, searchKnowledge } from './knowledge.ts';
import { createKnowledgeAuthor } from './knowledge-author.ts';
import { createLedger } from './ledger.ts';
import { mergeCustomers, mergedHere, previewMerge, splitCustomer, unmergeCustomers } from './merges.ts';
import { createPeople } from './people.ts';
import { createPrivacy } from './privacy.ts';
import type { HostParts, Implementer } from './router-parts.ts';
import { endRun } from './script-ends.ts';
import { readRun, runsOf } from './script-history.ts';
import { beginScript, keepRun, listScripts, openRuns } from './scripts.ts';
import { searchCustomers } from './search.ts';
import { openCapsule, sealCapsule } from './transfer-capsules.ts';

import type { WindowHolds } from './window-holds.ts';

// The acts about customers, what is owed to them, and what is known for them.

export function knowledgeActs(os: Implementer, { context, central, session }: HostParts) {
  const author = createKnowledgeAuthor(context, { central, accessToken: () => session.accessToken() });
  const acts = os.knowledge;
  return {
    search: acts.search.handler(({ input }) => searchKnowledge(context, input)),
    read: acts.read.handler(({ input }) => readArticle(context, input)),
    use: acts.use.handler(({ input }) => recordArticleUse(context, input)),
    author: {
      drafts: acts.author.drafts.handler(() => ({ drafts: readArticleDrafts(context) })),
      keepDraft: acts.author.keepDraft.handler(({ input }) => {
        keepArticleDraft(context, input.articleId, input.draft);
        return {};
      }),
      list: acts.author.list.handler(() => author.list()),
      versions: acts.author.versions.handler(({ input }) => author.versions(input.articleId)),
      version: acts.author.version.handler(({ input }) => author.version(input.articleId, input.number)),
      save: acts.author.save.handler(({ input }) => author.save(input)),
      publish: acts.author.publish.handler(({ input: { articleId, ...wish } }) => author.publish(articleId, wish)),
      withdraw: acts.author.withdraw.handler(({ input }) => author.withdraw(input.articleId)),
    },
  };
}

export function customerActs(os: Implementer, { context, door, session, central }: HostParts) {
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
    history: os.customer.history.handler(({ input }) => door.readHistory(input)),
    update: os.customer.update.handler(({ input }) => updateCustomer(context, door, input)),
    settle: os.customer.settle.handler(({ input }) => settleField(context, door, input)),
    search: os.customer.search.handler(({ input }) => searchCustomers(context, input.text, input.narrow)),
  };
}

export function followUpActs(os: Implementer, { context }: HostParts) {
  const ledger = createLedger(context);
  return {
    ledger: os.followUp.ledger.handler(({ input }) => ledger.read(input.whose)),
    owners: os.followUp.owners.handler(() => ledger.owners()),
    promise: os.followUp.promise.handler(({ input }) => makePromise(context, input)),
    changePromise: os.followUp.changePromise.handler(({ input }) => changePromise(context, input)),
    openCase: os.followUp.openCase.handler(({ input }) => openCase(context, input)),
    changeCase: os.followUp.changeCase.handler(({ input }) => changeCase(context, input)),
  };
}

export function identityActs(os: Implementer, { context, door }: HostParts) {
  const { perhapsSame } = createIdentity(context);
  return {
    of: os.identity.of.handler(({ input: { customerId } }) => ({
      same: perhapsSame(customerId),
      merged: mergedHere(context, customerId),
    })),
    preview: os.identity.preview.handler(({ input }) => previewMerge(context, input)),
    merge: os.identity.merge.handler(({ input }) => mergeCustomers(context, door, input)),
    split: os.identity.split.handler(({ input }) => splitCustomer(context, door, input)),
    unmerge: os.identity.unmerge.handler(({ input }) => unmergeCustomers(context, door, input)),
  };
}

export function peopleActs(os: Implementer, { context }: HostParts) {
  const people = createPeople(context);
  return {
    of: os.people.of.handler(({ input }) => people.of(input.customerId)),
    add: os.people.add.handler(({ input }) => people.add(input)),
    remove: os.people.remove.handler(({ input }) => people.remove(input)),
  };
}

export function privacyActs(os: Implementer, { context, central, session }: HostParts) {
  const privacy = createPrivacy(context, { central, accessToken: () => session.accessToken() });
  return {
    read: os.privacy.read.handler(({ input }) => privacy.read(input)),
    export: os.privacy.export.handler(({ input }) => privacy.export(input)),
    erase: os.privacy.erase.handler(({ input }) => privacy.erase(input)),
  };
}

export function scriptActs(os: Implementer, { context, door, holds }: HostParts & { holds: WindowHolds }) {
  const acts = os.script;
  return {
    list: acts.list.handler(({ input }) => listScripts(context, door, input)),
    begin: acts.begin.handler(({ input }) => beginScript(context, door, input)),
    open: acts.open.handler(({ input }) => openRuns(context, holds, input.windowId)),
    keep: acts.keep.handler(({ input }) => keepRun(context, input)),
    end: acts.end.handler(({ input }) => endRun(context, input)),
    of: acts.of.handler(({ input }) => runsOf(context, door, input.customerId)),
    read: acts.read.handler(({ input }) => readRun(context, door, input)),
  };
}

export function transferActs(os: Implementer, { context, central, session }: HostParts) {
  const deps = { central, accessToken: () => session.accessToken() };
  return {
    seal: os.transfer.seal.handler(async ({ input }) => {
      await sealCapsule(context, deps, input);
      return {};
    }),
    open: os.transfer.open.handler(({ input }) => openCapsule(context, deps, input.id)),
  };
}
