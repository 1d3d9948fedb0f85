import {
  IconBuildingStore,
  IconForms,
  IconMail,
  IconMailbox,
  IconMessage,
  IconMessages,
  IconPhone,
  IconWorld,
} from '@tabler/icons-react';
import type { Channel, Interaction } from '../../shared/interaction.ts';
import { useWords } from '../i18n.ts';

const ICONS: Record<Channel, typeof IconPhone> = {
  phone: IconPhone,
  email: IconMail,
  web: IconWorld,
  message: IconMessage,
  visit: IconBuildingStore,
  mail: IconMailbox,
};

/** By which way somebody was in touch. A form that was filled in is no visit to a page, a conversation no single message. */
export function ChannelIcon({ row: { channel, message } }: { row: Interaction }) {
  const { t } = useWords();
  const isForm = channel === 'web' && message !== undefined;
  const isTalk = channel === 'message' && message !== undefined;
  const Icon = isForm ? IconForms : isTalk ? IconMessages : ICONS[channel];
  return <Icon size={16} stroke={1.7} aria-label={isForm ? t('message:form') : t(`customer:channel.${channel}`)} />;
}
