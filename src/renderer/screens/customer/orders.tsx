import type { Customer360 } from '../../../shared/customer-360.ts';
import type { Order } from '../../../shared/order.ts';
import { Section } from '../../components/section.tsx';
import { useWords } from '../../i18n.ts';
import classes from './customer.module.css';

const SHOWN = 3;

/** What was bought: how lately, how often and for how much, then the newest orders. Nothing where nothing ever was. */
export function Orders({ view: { orders, purchases }, now }: { view: Customer360; now: number }) {
  const { t, format } = useWords();
  if (orders.length === 0) return null;
  const { lastAt, count, total } = purchases;
  return (
    <Section title={t('customer:orders.title')}>
      <div className={classes.dim} title={lastAt ? format.exact(lastAt) : undefined}>
        {[
          lastAt && t('customer:orders.last', { when: format.relative(lastAt, now) }),
          t('customer:orders.in_a_year', { n: count }),
          total && format.money(total),
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
      <ul className={classes.factList}>
        {orders.slice(0, SHOWN).map((order) => (
          <OrderLine key={order.id} order={order} now={now} />
        ))}
      </ul>
    </Section>
  );
}

function OrderLine({
  order: { number, lines, status, changedAt, failure, total },
  now,
}: {
  order: Order;
  now: number;
}) {
  const { t, format } = useWords();
  const failed = status === 'payment_failed';
  const [first] = lines;
  const name = first && first.quantity > 1 ? `${first.name} × ${first.quantity}` : (first?.name ?? number);
  return (
    <li className={classes.twoLines}>
      <span className={classes.grow}>
        <b>{lines.length > 1 ? t('customer:orders.and_more', { name, n: lines.length - 1 }) : name}</b>
        <span className={failed ? classes.harm : classes.dim} title={`${number} · ${format.exact(changedAt)}`}>
          {[t(`customer:orders.status.${status}`), failed && failure, format.relative(changedAt, now)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <span className={classes.amount}>{format.money(total)}</span>
    </li>
  );
}
