import { Button } from '@mantine/core';
import { IconPhoneIncoming, IconSearch } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { KeyHint } from '../../components/key-hint.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { useAgentState } from '../desk/agent-state.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import classes from './customer.module.css';

/** Nobody on the line: what will happen, and what can be done meanwhile. */
export function IdleScreen({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const { state } = useAgentState();
  const practice = useStore(desk.session.store, ({ session }) => session?.status === 'signed_in' && session.practice);
  const known = state.state === 'available' || state.state === 'break';
  return (
    <div className={classes.idle}>
      <h1>{t(`idle.${known ? state.state : 'offline'}.title`)}</h1>
      <p>{t(`idle.${known ? state.state : 'offline'}.text`)}</p>
      <div className={classes.idleActs}>
        {state.state === 'break' && (
          <Button
            size="sm"
            rightSection={<KeyHint act="ready" />}
            onClick={() => void desk.pbx.ask({ state: 'ready' })}
          >
            {t('idle.back_to_work')}
          </Button>
        )}
        <Button
          size="sm"
          variant="default"
          leftSection={<IconSearch size={16} />}
          rightSection={<KeyHint act="find" />}
          onClick={() => ui.setFinder(true)}
        >
          {t('status.find')}
        </Button>
        {practice && (
          <Button
            size="sm"
            variant={state.state === 'available' ? 'filled' : 'default'}
            leftSection={<IconPhoneIncoming size={16} />}
            rightSection={<KeyHint act="practice" />}
            onClick={() => ui.setSheet('practice')}
          >
            {t('keys:practice')}
          </Button>
        )}
      </div>
    </div>
  );
}
