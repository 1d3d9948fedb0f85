import type { ContactPoint } from '../../shared/contact-point.ts';
import type { Interaction } from '../../shared/interaction.ts';
import { maskEmail } from '../../shared/masking.ts';
import type { SendingReason, WrittenMessage } from '../../shared/message.ts';
import type { Words } from '../i18n.ts';

type T = Words['t'];

/** What stands for a contact in a list: its subject, or what it is. */
export function titleOf(t: T, { subject, channel, direction, message }: Interaction): string {
  if (subject) return subject;
  // Without words it is a visit to a page.
  if (channel === 'web' && message) return t('message:form');
  return t(`customer:contact.${channel}_${direction}`);
}

/** Who wrote it, as far as they said: name, number, address. */
export function whoWrote(t: T, message: WrittenMessage | undefined): string {
  const said = [message?.name, message?.phone, message?.address].filter(Boolean);
  return said.length > 0 ? said.join(' · ') : t('message:no_address');
}

/**
 * To whom an answer goes, as the centre decides it: what was typed in a form counts where it is one of the customer's addresses, or
 * the only one that there is. Any of them may be masked, as they are shown.
 */
export function addressOfAnswer(
  { channel, message }: Pick<Interaction, 'channel' | 'message'>,
  points: readonly ContactPoint[],
): string | undefined {
  const wrote = message?.address ?? undefined;
  if (channel !== 'web') return wrote;
  const plain = (address: string) => maskEmail(address.trim().toLowerCase());
  const [first, ...rest] = points
    .filter(({ kind }) => kind === 'email')
    .sort((a, b) => Number(b.primary) - Number(a.primary) || (a.id < b.id ? -1 : 1));
  if (!first) return wrote;
  const own = [first, ...rest].find(({ value }) => wrote !== undefined && plain(value) === plain(wrote));
  return (own ?? first).value;
}

/** Why it did not leave, in the words of the way by which it would have. */
export function whyNot(t: T, reason: SendingReason, { channel }: Pick<Interaction, 'channel'>): string {
  if (channel === 'message' && (reason === 'refused' || reason === 'not_let_in' || reason === 'no_mailbox')) {
    return t(`message:service_reason.${reason}`);
  }
  return t(`message:reason.${reason}`);
}
