import { Menu } from '@mantine/core';
import {
  IconAlertTriangle,
  IconKeyboard,
  IconLogout,
  IconPhoneIncoming,
  IconSettings,
  IconUserCircle,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Agent } from '../../../shared/agent.ts';
import { DangolError } from '../../../shared/errors.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { type KeyAct, keyOf } from '../../keys/key-table.ts';
import classes from './desk.module.css';
import type { DeskUi, SheetName } from './desk-target.ts';

/** @param props.agent null while the desk is locked in a call. */
export function Rail({ ui, agent }: { ui: DeskUi; agent: Agent | null }) {
  const desk = useDesk();
  const attention = useStore(desk.sync.store, (state) => state.status?.attention ?? 0);
  const practice = useStore(desk.session.store, ({ session }) => session?.status === 'signed_in' && session.practice);
  const toggle = (sheet: SheetName) => ui.setSheet(ui.sheet === sheet ? null : sheet);
  return (
    <nav className={classes.rail}>
      <img className={classes.railLogo} src="./icon.svg" alt="" />
      {practice && (
        <RailButton act="practice" open={ui.sheet === 'practice'} onClick={() => toggle('practice')}>
          <IconPhoneIncoming size={20} stroke={1.7} />
        </RailButton>
      )}
      {agent && (
        <RailButton
          act="attention"
          open={ui.sheet === 'attention'}
          badge={attention}
          onClick={() => toggle('attention')}
        >
          <IconAlertTriangle size={20} stroke={1.7} />
        </RailButton>
      )}
      <span className={classes.railEnd} />
      <RailButton act="keys" open={ui.sheet === 'keys'} onClick={() => toggle('keys')}>
        <IconKeyboard size={20} stroke={1.7} />
      </RailButton>
      <RailButton act="settings" open={ui.sheet === 'settings'} onClick={() => toggle('settings')}>
        <IconSettings size={20} stroke={1.7} />
      </RailButton>
      {agent && <AgentMenu agent={agent} />}
    </nav>
  );
}

interface RailButtonProps {
  act: KeyAct;
  open: boolean;
  badge?: number;
  onClick: () => void;
  children: ReactNode;
}

function RailButton({ act, open, badge = 0, onClick, children }: RailButtonProps) {
  const { t } = useWords();
  const label = t(`keys:${act}`);
  return (
    <button
      type="button"
      className={classes.railButton}
      aria-label={badge > 0 ? `${label} ${badge}` : label}
      aria-expanded={open}
      title={`${label} (${keyOf(act)})`}
      onClick={onClick}
    >
      {children}
      {badge > 0 && <span className={classes.railBadge}>{badge}</span>}
    </button>
  );
}

/** Where the finder leads for a sign-out; the menu gives its target an id of its own. */
export const AGENT_MENU = 'agent-menu';

/** Sign-out says what is not yet at the centre, and keeps it. */
function AgentMenu({ agent }: { agent: Agent }) {
  const desk = useDesk();
  const { t } = useWords();
  const [unsent, setUnsent] = useState(false);
  const live = useStore(desk.calls.store, ({ calls }) => calls.length > 0);
  const signOut = async (keepUnsent: boolean) => {
    try {
      await desk.session.signOut(keepUnsent);
    } catch (error) {
      setUnsent(error instanceof DangolError && error.code === 'UNSENT_WORK');
    }
  };
  return (
    <Menu position="right-end" width={260} closeOnItemClick={false} onClose={() => setUnsent(false)}>
      <Menu.Target>
        <button
          type="button"
          className={classes.railButton}
          data-place={AGENT_MENU}
          aria-label={agent.name}
          title={agent.name}
        >
          <IconUserCircle size={22} stroke={1.6} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {agent.name} · {t(`role.${agent.role}`)}
        </Menu.Label>
        {unsent ? (
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut(true)}>
            {t('sign_out.keep_unsent')}
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconLogout size={16} />} disabled={live} onClick={() => void signOut(false)}>
            {live ? t('sign_out.in_call') : t('sign_out.do')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
