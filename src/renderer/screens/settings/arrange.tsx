import { Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { flushSync } from 'react-dom';
import { useStore } from 'zustand';
import { type Arranged, type FactBlock, foldedOrNot, moved } from '../../../shared/arrangement.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { useArrangement } from '../customer/use-arrangement.ts';
import { Row } from './row.tsx';
import classes from './settings.module.css';

/** The blocks beside a customer's history, as whoever sits here wants them; kept on this desk for them alone. */
export function Arrange() {
  const desk = useDesk();
  const { t } = useWords();
  const { agentId, blocks } = useArrangement();
  const kept = useStore(desk.settings.store, ({ settings }) => settings.arrangements);
  if (agentId === null) return null;
  const { [agentId]: own, ...others } = kept;
  const save = (next: Arranged) => void desk.settings.save({ arrangements: { ...others, [agentId]: next } });
  const move = (block: FactBlock, step: -1 | 1) => {
    flushSync(() => save(moved(blocks, block, step)));
    // What moves in the page loses the focus.
    document.querySelector<HTMLElement>(`[data-move="${block} ${step}"]`)?.focus();
  };
  return (
    <Row label={t('customer:arrange.title')}>
      <ul className={classes.blocks} aria-label={t('customer:arrange.title')}>
        {blocks.order.map((block) => {
          const name = t(`customer:block.${block}`);
          const isFolded = blocks.folded.includes(block);
          return (
            <li key={block}>
              <span className={classes.blockName}>{name}</span>
              <Button
                size="compact-xs"
                variant={isFolded ? 'filled' : 'default'}
                aria-pressed={isFolded}
                aria-label={t('customer:arrange.fold_block', { name })}
                onClick={() => save(foldedOrNot(blocks, block))}
              >
                {t('customer:arrange.fold')}
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                data-move={`${block} -1`}
                aria-label={t('customer:arrange.up', { name })}
                onClick={() => move(block, -1)}
              >
                <IconArrowUp size={14} aria-hidden="true" />
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                data-move={`${block} 1`}
                aria-label={t('customer:arrange.down', { name })}
                onClick={() => move(block, 1)}
              >
                <IconArrowDown size={14} aria-hidden="true" />
              </Button>
            </li>
          );
        })}
      </ul>
      <Button
        size="xs"
        variant="default"
        disabled={!own}
        onClick={() => void desk.settings.save({ arrangements: others })}
      >
        {t('customer:arrange.reset')}
      </Button>
    </Row>
  );
}
