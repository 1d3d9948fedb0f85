import {
  ATTACHMENT_MAX_BYTES,
  AttachmentAnswer,
  type AttachmentOf,
  attachmentKind,
  isWhatItSays,
} from '../shared/attachment.ts';
import { DangolError } from '../shared/errors.ts';
import { recordAccess } from './access-log.ts';
import type { CentralClient } from './central-client.ts';
import type { HostContext } from './host-context.ts';
import { messageNow } from './messages.ts';
import { assertNotShared } from './screen-share.ts';

/** Some megabytes over a slow line. */
const TIMEOUT_MS = 60_000;

/**
 * One attachment from the centre, which keeps the source. What is dangerous or too large by what the message says of it is not asked
 * for. Written into this desk's access log, with its reason, before the centre is asked.
 * @throws NOT_FOUND, FORBIDDEN (the screen is shared), SIGNED_OUT, LOCKED, CENTRE_UNREACHABLE.
 */
export async function fetchAttachment(
  context: HostContext,
  { central, accessToken }: { central: CentralClient; accessToken: () => Promise<string | null> },
  { messageId, index, reason }: AttachmentOf,
): Promise<AttachmentAnswer> {
  const reader = context.seat.reader();
  assertNotShared(context);
  const { customerId, message } = messageNow(context, messageId);
  const listed = message.attachments?.[index];
  if (!listed) throw new DangolError('NOT_FOUND', 'none');
  if (attachmentKind(listed) === 'dangerous') return { state: 'dangerous' };
  if (listed.bytes > ATTACHMENT_MAX_BYTES) return { state: 'too_large' };
  const token = await accessToken();
  if (token === null) throw new DangolError('SIGNED_OUT', 'sign-in');
  recordAccess(context, reader.id, [{ action: 'export', customerId, context: reason }]);
  const path = `/v1/messages/${messageId}/attachments/${index}`;
  const request = { method: 'POST', path, token, body: { reason }, answer: AttachmentAnswer } as const;
  const answer = await central.ask({ ...request, timeoutMs: TIMEOUT_MS });
  if (answer.state !== 'given' || isWhatItSays(listed, Buffer.from(answer.base64, 'base64'))) return answer;
  return { state: 'dangerous' };
}
