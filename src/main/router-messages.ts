import { fetchAttachment } from './attachments.ts';
import { keepLetterDraft, readLetterDraft, readMessage, readWaiting, sendMessage, settleMessage } from './messages.ts';
import type { HostParts, Implementer } from './router-parts.ts';

/** Mails and messages. */
export function messageActs(os: Implementer, { context, central, session }: HostParts) {
  const centre = { central, accessToken: () => session.accessToken() };
  const acts = os.messages;
  return {
    waiting: acts.waiting.handler(() => readWaiting(context)),
    read: acts.read.handler(({ input }) => readMessage(context, input.messageId, input.reason)),
    attachment: acts.attachment.handler(({ input }) => fetchAttachment(context, centre, input)),
    send: acts.send.handler(({ input }) => sendMessage(context, input)),
    settle: acts.settle.handler(({ input }) => settleMessage(context, input)),
    draft: acts.draft.handler(({ input }) => ({ draft: readLetterDraft(context, input.customerId) })),
    keepDraft: acts.keepDraft.handler(({ input }) => {
      keepLetterDraft(context, input.customerId, input.draft);
      return {};
    }),
  };
}
