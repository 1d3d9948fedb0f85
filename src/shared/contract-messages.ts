import { z } from 'zod';
import { AttachmentAnswer, AttachmentOf } from './attachment.ts';
import { act, Nothing } from './contract-base.ts';
import { CustomerCandidate, Mark } from './customer-360.ts';
import { Id } from './ids.ts';
import { Interaction } from './interaction.ts';
import { MESSAGE_SUBJECT_MAX, MESSAGE_TEXT_MAX } from './message.ts';

export const MESSAGES_MAX_WAITING = 100;

/** One that came in and that nobody answered yet. Names, addresses and words are masked; of the words only the beginning. */
export const WaitingMessage = z.object({
  interaction: Interaction,
  /** null: nobody here is known to have this address, or several are. */
  customer: CustomerCandidate.nullable(),
  mark: Mark,
});
export type WaitingMessage = z.infer<typeof WaitingMessage>;

/** What is being written to a customer, kept at every pause of typing. One for each agent and customer. */
export const LetterDraft = z.object({
  /** What it will be sent as, however often; absent in drafts of an older desk. */
  messageId: Id.optional(),
  answers: Id.nullable(),
  contactPointId: Id.nullable(),
  replaces: Id.nullable(),
  subject: z.string().max(MESSAGE_SUBJECT_MAX),
  text: z.string().max(MESSAGE_TEXT_MAX),
});
export type LetterDraft = z.infer<typeof LetterDraft>;

/** Mails and messages: read at the desk, answered like a note is saved. */
export const messages = {
  /** The soonest due first. At most 100. */
  waiting: act(Nothing, z.object({ items: z.array(WaitingMessage).max(MESSAGES_MAX_WAITING), more: z.boolean() })),
  /**
   * One with all its words, masked like a note, and what was filled into the fields of a form masked whole. A look at its customer:
   * logged. With a reason, which is logged as that of a peek, the fields are as they were filled in. NOT_FOUND; FORBIDDEN: others see
   * the screen.
   */
  read: act(
    z.object({ messageId: Id, reason: z.string().trim().min(2).max(200).optional() }),
    z.object({ interaction: Interaction }),
  ),
  /**
   * What came with it, from the centre, with a reason that is logged; harmless kinds alone, at most 5 MB. NOT_FOUND,
   * CENTRE_UNREACHABLE.
   */
  attachment: act(AttachmentOf, AttachmentAnswer),
  /**
   * One durable commit; the same messageId again is the same mail. `{{customer}}` in its text becomes the customer's name. BAD_INPUT: the
   * customer has no address, or the service takes no answers. NOT_FOUND.
   */
  send: act(
    z.object({
      messageId: Id,
      customerId: Id,
      answers: Id.nullable(),
      contactPointId: Id.nullable(),
      replaces: Id.nullable(),
      subject: z.string().trim().min(1).max(MESSAGE_SUBJECT_MAX),
      text: z.string().trim().min(1).max(MESSAGE_TEXT_MAX),
    }),
    z.object({ mark: Mark }),
  ),
  /** Whose it is; or that it needs no answer. */
  settle: act(z.object({ messageId: Id, customerId: Id.nullable(), done: z.boolean() }), z.object({ mark: Mark })),
  draft: act(z.object({ customerId: Id }), z.object({ draft: LetterDraft.nullable() })),
  /** null: nothing is being written any more. */
  keepDraft: act(z.object({ customerId: Id, draft: LetterDraft.nullable() }), Nothing),
};
