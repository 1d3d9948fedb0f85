import { useCallback, useEffect, useState } from 'react';
import type { WaitingMessage } from '../../../shared/contract-messages.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { ChannelIcon } from '../../components/channel-icon.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import { titleOf, whoWrote } from '../../lib/message-words.ts';
import type { LetterTarget } from '../desk/desk-target.ts';
import { openCustomer } from '../desk/use-desk-keys.ts';
import classes from './messages.module.css';

/** Looked again so often: what comes in is told to no open list. */
const LOOK_AGAIN_MS = 10_000;

interface WaitingListProps {
  /** The customer on screen: whose a letter of nobody may be. */
  shown: string | null;
  onOpen: (target: LetterTarget) => void;
}

/** What came in and nobody answered, the soonest due first. */
export function WaitingList({ shown, onOpen }: WaitingListProps) {
  const desk = useDesk();
  const { t } = useWords();
  const [items, setItems] = useState<readonly WaitingMessage[] | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const tick = useNow(LOOK_AGAIN_MS);
  const read = useCallback(async () => {
    try {
      setItems((await desk.api.messages.waiting({})).items);
      setProblem(null);
    } catch (error) {
      setProblem(toDangolError(error));
    }
  }, [desk]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `tick` only says that it is time
  useEffect(() => void read(), [read, tick]);
  const open = (item: WaitingMessage) => {
    if (!item.customer) return;
    openCustomer(desk, item.customer.id);
    onOpen({ answers: item.interaction.id, replaces: null });
  };
  const tie = async (item: WaitingMessage, customerId: string) => {
    try {
      await desk.api.messages.settle({ messageId: item.interaction.id, customerId, done: false });
      await read();
    } catch (error) {
      setProblem(toDangolError(error));
    }
  };
  return (
    <section aria-label={t('message:waiting')}>
      <h3 className={classes.head}>{t('message:waiting')}</h3>
      {problem && <Problem problem={problem} onRetry={() => void read()} />}
      {items?.length === 0 && <p className={classes.none}>{t('message:none_waiting')}</p>}
      <ul className={classes.list}>
        {items?.map((item) => (
          <Waiting key={item.interaction.id} item={item} now={tick} onOpen={() => open(item)}>
            {item.customer === null && (
              <button
                type="button"
                className={classes.small}
                disabled={shown === null}
                onClick={() => shown !== null && void tie(item, shown)}
              >
                {t(shown === null ? 'message:open_customer_first' : 'message:is_shown_customer')}
              </button>
            )}
          </Waiting>
        ))}
      </ul>
    </section>
  );
}

interface WaitingProps {
  item: WaitingMessage;
  now: number;
  onOpen: () => void;
  children: React.ReactNode;
}

function Waiting({ item: { interaction, customer }, now, onOpen, children }: WaitingProps) {
  const { t, format } = useWords();
  const { message } = interaction;
  const due = message?.dueAt ?? interaction.startedAt;
  const late = Date.parse(due) < now;
  const label = message?.via?.label;
  const title = label ? `${label} · ${titleOf(t, interaction)}` : titleOf(t, interaction);
  return (
    <li className={classes.item}>
      <div className={classes.row}>
        <ChannelIcon row={interaction} />
        {customer ? (
          <button type="button" className={classes.open} onClick={onOpen}>
            {nameOf(t, customer)} · {title}
          </button>
        ) : (
          <b>
            {whoWrote(t, message)} · {title}
          </b>
        )}
        <span className={late ? classes.late : classes.dim} title={format.exact(due)}>
          {t(late ? 'message:late' : 'message:due', { when: format.relative(due, now) })}
        </span>
      </div>
      <p className={classes.words}>{message?.text}</p>
      {children}
    </li>
  );
}
