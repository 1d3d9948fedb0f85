import { Menu } from '@mantine/core';
import { IconChevronDown, IconClockPlus } from '@tabler/icons-react';
import { memo } from 'react';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { extendWrapUp, wrapUpSecondsOf } from '../../desk-pbx.ts';
import { useWords } from '../../i18n.ts';
import { duration } from '../../lib/format.ts';
import { type ShownAgentState, useAgentState } from './agent-state.ts';
import classes from './desk.module.css';

/** The label of a break: the business's word for its code, else what a supervisor wrote at the PBX. */
export function useBreakWord(): (reason: string) => string {
  const desk = useDesk();
  const { language } = useWords();
  const reasons = useStore(desk.session.store, (s) => s.catalogue.breakReasons);
  return (reason) => reasons.find((row) => row.code === reason)?.label[language] ?? reason;
}

/** What the agent is doing, and the way to do something else. Rendered again when that changes, not with every word of a call. */
export function AgentStateMenu() {
  return <StateMenu shown={useAgentState()} />;
}

const StateMenu = memo(function StateMenu({ shown }: { shown: ShownAgentState }) {
  const desk = useDesk();
  const { t, language } = useWords();
  const { state, since, breakWaits } = shown;
  const reasons = useStore(desk.session.store, (s) => s.catalogue.breakReasons);
  const wish = useStore(desk.line.store, (line) => line.wish);
  const asking = useStore(desk.pbx.store, (pbx) => pbx.asking !== null && pbx.asking.state !== 'wrap_up');
  const breakWord = useBreakWord();
  const reason = wish.state === 'break' ? breakWord(wish.reason) : '';
  const word = state.state === 'break' && reason ? t('state.break_for', { reason }) : t(`state.${state.state}`);
  return (
    <Menu position="bottom-start" width={240} returnFocus>
      <Menu.Target>
        <button type="button" className={classes.agentState} id="agent-state" aria-busy={asking}>
          <span className={classes.dot} data-state={state.state} />
          <span className="sr-only">{t('status.agent_state')}</span>
          <span className={classes.stateWord} data-state={state.state}>
            {word}
          </span>
          <StateTime since={since} />
          {breakWaits && <span className={classes.time}>{t('state.break_waits', { reason })}</span>}
          {asking && <span className={classes.time}>{t('pbx:asking')}</span>}
          <WrapUpLeft shown={shown} />
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown data-safe>
        <Menu.Item
          leftSection={<span className={classes.dot} data-state="available" />}
          rightSection={<KeyHint act="ready" />}
          onClick={() => void desk.pbx.ask({ state: 'ready' })}
        >
          {t('state.available')}
        </Menu.Item>
        {shown.wrapUpUntil !== null && (
          <Menu.Item
            leftSection={<IconClockPlus size={14} aria-hidden="true" />}
            rightSection={<KeyHint act="more_time" />}
            onClick={() => extendWrapUp(desk)}
          >
            {t('pbx:extend', { seconds: wrapUpSecondsOf(desk) })}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Label>{t('status.break_label')}</Menu.Label>
        {reasons.map((row) => (
          <Menu.Item
            key={row.code}
            leftSection={<span className={classes.dot} data-state="break" />}
            onClick={() => void desk.pbx.ask({ state: 'break', reason: row.code })}
          >
            {row.label[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}, sameState);

function sameState(a: { shown: ShownAgentState }, b: { shown: ShownAgentState }): boolean {
  return JSON.stringify(a.shown) === JSON.stringify(b.shown);
}

function StateTime({ since }: { since: number }) {
  const now = useNow(1000);
  return <span className={classes.time}>{duration(now - since)}</span>;
}

function WrapUpLeft({ shown }: { shown: ShownAgentState }) {
  const now = useNow(1000);
  const { t } = useWords();
  if (shown.wrapUpUntil === null) return null;
  return (
    <span className={classes.time}>
      {t('pbx:wrap_up_left', { left: duration(Math.max(0, shown.wrapUpUntil - now)) })}
    </span>
  );
}
