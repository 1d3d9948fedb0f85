import { keepLetterDraft, readLetterDraft, readMessage, readWaiting, sendMessage, settleMessage } from './messages.ts';
import type { HostParts, Implementer } from './router-parts.ts';

/** Mails and messages. */
export function messageActs(os: Implementer, { context }: Pick<HostParts, 'context'>) {
  const acts = os.messages;
  return {
    waiting: acts.waiting.handler(() => readWaiting(context)),
    read: acts.read.handler(({ input }) => readMessage(context, input.messageId)),
    send: acts.send.handler(({ input }) => sendMessage(context, input)),
    settle: acts.settle.handler(({ input }) => settleMessage(context, input)),
    draft: acts.draft.handler(({ input }) => ({ draft: readLetterDraft(context, input.customerId) })),
    keepDraft: acts.keepDraft.handler(({ input }) => {
      keepLetterDraft(context, input.customerId, input.draft);
      return {};
    }),
  };
}
