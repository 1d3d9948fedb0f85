import { LetterDraft, MESSAGES_MAX_WAITING, type WaitingMessage } from '../shared/contract-messages.ts';
import type { Mark } from '../shared/customer-360.ts';
import { DangolError } from '../shared/errors.ts';
import type { Interaction } from '../shared/interaction.ts';
import { maskText } from '../shared/masking.ts';
import { isWaiting, MESSAGE_TEXT_MAX, takesAnswers, type WrittenMessage } from '../shared/message.ts';
import { findOperation } from '../sync/outbox.ts';
import { overlayInteraction, readPendingMessages, readPendingOf } from '../sync/outbox-reads.ts';
import { recordAccess } from './access-log.ts';
import { readCandidates } from './customer-360.ts';
import { readNamed } from './customer-match.ts';
import { EXCERPT_OF_DATA, excerptOf } from './excerpt.ts';
import type { HostContext } from './host-context.ts';
import { readKeep, writeKeep } from './keep.ts';
import { maskMessage } from './mask-view.ts';
import { assertNotShared } from './screen-share.ts';
import { readWhole } from './whole-customer.ts';
import { writeAct } from './write-act.ts';

/** The statements of the list; a test asserts that it uses its index. */
export const WAITING_MESSAGES = {
  list: `SELECT ${EXCERPT_OF_DATA} AS data FROM interaction WHERE waiting IS NOT NULL ORDER BY waiting LIMIT ${MESSAGES_MAX_WAITING + 1}`,
  one: 'SELECT data FROM interaction WHERE id = ?',
} as const;

/** What nobody answered yet, with what was done here laid over. Names that are shown are a look at those customers. */
export function readWaiting(context: HostContext): { items: WaitingMessage[]; more: boolean } {
  const reader = context.seat.reader();
  const country = context.seat.country();
  const edits = new Map(readPendingMessages(context.outbox).interactions.map((edit) => [edit.interactionId, edit]));
  const found = context.cache.prepare(WAITING_MESSAGES.list).all() as { data: string }[];
  const rows = found.flatMap(({ data }) => {
    const confirmed = JSON.parse(data) as Interaction;
    const edit = edits.get(confirmed.id);
    const row = edit ? overlayInteraction(confirmed, edit) : confirmed;
    return row && isWaiting(row) ? [{ row, mark: edit?.mark ?? ('centre' as const) }] : [];
  });
  const shown = rows.slice(0, MESSAGES_MAX_WAITING);
  const ids = [...new Set(shown.flatMap(({ row }) => row.customerId ?? []))];
  const customers = new Map(readCandidates(context, ids).map((one) => [one.id, one]));
  recordAccess(
    context,
    reader.id,
    [...customers.keys()].map((customerId) => ({ action: 'view', customerId, context: 'messages' }) as const),
  );
  const items = shown.map(({ row, mark }) => ({
    interaction: excerptOf(maskMessage(row, whose(context, row), country)),
    customer: customers.get(row.customerId ?? '') ?? null,
    mark,
  }));
  return { items, more: rows.length > shown.length };
}

/** Of a message with files: their names are masked by the name of the customer. */
const whose = ({ cache }: HostContext, { customerId, message }: Interaction) =>
  customerId === null || !message?.attachments ? null : readNamed(cache, customerId);

/**
 * With a reason, which is logged, what was filled into its fields is not masked.
 * @throws NOT_FOUND, SIGNED_OUT, LOCKED; FORBIDDEN: a reason, and others see the screen.
 */
export function readMessage(
  context: HostContext,
  messageId: string,
  reason: string | null = null,
): { interaction: Interaction } {
  const reader = context.seat.reader();
  const row = messageNow(context, messageId);
  const { customerId } = row;
  if (reason !== null) {
    assertNotShared(context);
    recordAccess(context, reader.id, [{ action: 'peek', customerId, context: reason }]);
  } else if (customerId !== null) {
    recordAccess(context, reader.id, [{ action: 'view', customerId, context: `message ${messageId}` }]);
  }
  const masked = maskMessage(row, whose(context, row), context.seat.country());
  const { message } = row;
  const { fields } = message;
  const words = masked.message && reason !== null && fields ? { ...masked.message, fields } : masked.message;
  const shown: Interaction = words ? { ...masked, message: words } : masked;
  if (row.direction === 'in' || message?.sending?.state !== 'failed' || !shown.message) return { interaction: shown };
  // What could not be sent is written anew: a mask would go out with it.
  return { interaction: { ...shown, subject: row.subject, message: { ...shown.message, text: message.text } } };
}

export interface MessageToSend {
  messageId: string;
  customerId: string;
  answers: string | null;
  contactPointId: string | null;
  replaces: string | null;
  subject: string;
  text: string;
}

/** @throws BAD_INPUT: no address; NOT_FOUND. */
export function sendMessage(context: HostContext, act: MessageToSend): { mark: Mark } {
  const author = context.seat.reader();
  const { messageId, customerId, answers, contactPointId, replaces, subject } = act;
  if (isSent(context, messageId)) {
    readLetterDraft(context, customerId);
    return { mark: 'here' };
  }
  const whole = readWhole(context.outbox, context.cache, customerId, {
    ...{ country: context.seat.country(), now: context.clock.now(), isPending: true },
  });
  if (!whole) throw new DangolError('NOT_FOUND', 'none');
  const answered = answers === null ? null : messageNow(context, answers);
  const channel = answered?.channel === 'message' ? 'message' : 'email';
  const isKnown = channel === 'email' && whole.contactPoints.some(({ kind }) => kind === 'email');
  if (!isKnown && answered?.message.address == null) {
    throw new DangolError('BAD_INPUT', 'check-input', { detail: 'no address' });
  }
  if (!takesAnswers(answered?.message)) throw new DangolError('BAD_INPUT', 'check-input', { detail: 'no answers' });
  const text = withName(act.text, whole.customer.name);
  writeAct(
    context,
    author,
    {
      ...{ kind: 'message.send', messageId, customerId, channel, answers, contactPointId, text },
      subject: withName(unmaskedSubject(subject, answered, context.seat.country()), whole.customer.name).slice(0, 300),
      ...(replaces === null ? {} : { replaces }),
    },
    { before: () => writeKeep(context.outbox, draftName(author.id, customerId), null) },
  );
  return { mark: 'here' };
}

/** The subject of an answer, where it is still the masked one of what is answered: as the customer wrote it. */
function unmaskedSubject(subject: string, answered: Interaction | null, country: string): string {
  const theirs = answered?.subject ?? '';
  return theirs === '' ? subject : subject.replace(maskText(theirs, country), () => theirs);
}

/** The page has the name masked only: it is filled in where it leaves the desk. */
const withName = (text: string, name: string) =>
  text.replace(/\{\{\s*customer\s*\}\}/g, () => name).slice(0, MESSAGE_TEXT_MAX);

export function settleMessage(
  context: HostContext,
  act: { messageId: string; customerId: string | null; done: boolean },
): { mark: Mark } {
  const author = context.seat.reader();
  const row = messageNow(context, act.messageId);
  const customerId = row.customerId ?? act.customerId;
  writeAct(context, author, { kind: 'message.settle', ...act, customerId });
  return { mark: 'here' };
}

const draftName = (agentId: string, customerId: string) => `letter.${agentId}.${customerId}`;

/** Here, or at the centre already: a send that is repeated is the same send. */
function isSent({ outbox, cache }: HostContext, messageId: string): boolean {
  if (findOperation(outbox, 'message.send', messageId)) return true;
  return cache.prepare(WAITING_MESSAGES.one).get(messageId) !== undefined;
}

/** null: nothing is being written, or what was has been sent. */
export function readLetterDraft(context: HostContext, customerId: string): LetterDraft | null {
  const { outbox, seat } = context;
  const name = draftName(seat.reader().id, customerId);
  const draft = readKeep(outbox, name, LetterDraft);
  if (draft?.messageId === undefined || !isSent(context, draft.messageId)) return draft;
  writeKeep(outbox, name, null);
  return null;
}

/** What comes late of a letter that was sent is not kept: it would be sent a second time. */
export function keepLetterDraft(context: HostContext, customerId: string, draft: LetterDraft | null): void {
  const author = context.seat.author();
  if (draft?.messageId !== undefined && isSent(context, draft.messageId)) return;
  writeKeep(context.outbox, draftName(author.id, customerId), draft);
}

/** As it is known here: confirmed, with what is pending laid over. */
export function messageNow({ outbox, cache }: HostContext, id: string): Interaction & { message: WrittenMessage } {
  const edit = readPendingOf(outbox, [], [id]).interactions.find((one) => one.interactionId === id);
  const found = cache.prepare(WAITING_MESSAGES.one).get(id) as { data: string } | undefined;
  const confirmed = found ? (JSON.parse(found.data) as Interaction) : null;
  const row = edit ? overlayInteraction(confirmed, edit) : confirmed;
  if (!row?.message) throw new DangolError('NOT_FOUND', 'none');
  return { ...row, message: row.message };
}
