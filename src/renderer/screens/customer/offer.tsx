import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { nameOf } from '../../lib/customer-name.ts';
import classes from './customer.module.css';

/** Who was found while the agent was writing here. It lies over the foot of the place, so that nothing moves. */
export function Offer({ paneKey }: { paneKey: string }) {
  const desk = useDesk();
  const { t } = useWords();
  const offer = useStore(desk.customers.store, ({ offers }) => offers[paneKey]);
  if (!offer) return null;
  return (
    <div className={classes.offer} role="status">
      <span>
        {offer.state === 'open'
          ? t('customer:offer.found', { name: nameOf(t, offer.view.customer) })
          : t('customer:offer.other')}
      </span>
      <Button
        size="xs"
        aria-keyshortcuts={keyOf('switch_customer')}
        rightSection={<KeyHint act="switch_customer" />}
        onClick={() => desk.customers.takeOffer(paneKey)}
      >
        {t('customer:offer.show')}
      </Button>
    </div>
  );
}
