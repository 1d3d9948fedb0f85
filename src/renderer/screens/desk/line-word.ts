import { useStore } from 'zustand';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';

/** Where the line is, and what is wrong with it, in words. */
export function useLineWord(): string {
  const desk = useDesk();
  const { t } = useWords();
  const { registration, claim, wish } = useStore(desk.line.store);
  const sip = useStore(desk.session.store, ({ session }) =>
    session?.status === 'signed_in' ? session.config?.sip : null,
  );
  const sound = useStore(desk.ringer.sound, (s) => s.status);
  if (registration.state === 'registered') return t('line.registered');
  if (registration.state === 'connecting') return t('line.connecting');
  if (registration.state === 'retrying') return t(`line.problem.${registration.reason}`);
  if (!sip) return t('line.no_account');
  if (claim === 'elsewhere') return t('line.elsewhere');
  if (sound === 'off') return t('line.sound_off');
  return wish.state === 'break' ? t('line.break') : t('line.stopped');
}
