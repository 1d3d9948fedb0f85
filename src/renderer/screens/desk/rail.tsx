import { Menu } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBook2,
  IconChecklist,
  IconKeyboard,
  IconLogout,
  IconMail,
  IconPhoneIncoming,
  IconSettings,
  IconTrash,
  IconUserCircle,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Agent } from '../../../shared/agent.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk, useNow } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { type KeyAct, keyOf } from '../../keys/key-table.ts';
import { overdueOf } from '../../stores/ledger-store.ts';
import { unkept } from '../../stores/note-store.ts';
import classes from './desk.module.css';
import type { DeskUi, SheetName } from './desk-target.ts';

/** @param props.agent null while the desk is locked in a call. */
export function Rail({ ui, agent }: { ui: DeskUi; agent: Agent | null }) {
  const desk = useDesk();
  const attention = useStore(desk.sync.store, (state) => state.status?.attention ?? 0);
  const practice = useStore(desk.session.store, ({ session }) => session?.status === 'signed_in' && session.practice);
  const toggle = (sheet: SheetName) => ui.setSheet(ui.sheet === sheet ? null : sheet);
  return (
    <nav className={classes.rail} data-safe>
      <img className={classes.railLogo} src="./icon.svg" alt="" />
      {practice && (
        <RailButton act="practice" open={ui.sheet === 'practice'} onClick={() => toggle('practice')}>
          <IconPhoneIncoming size={20} stroke={1.7} />
        </RailButton>
      )}
      {agent && (
        <RailButton act="knowledge" open={ui.sheet === 'knowledge'} onClick={() => toggle('knowledge')}>
          <IconBook2 size={20} stroke={1.7} />
        </RailButton>
      )}
      {agent && <LedgerButton open={ui.sheet === 'ledger'} onClick={() => toggle('ledger')} />}
      {agent && (
        <RailButton act="message" open={ui.sheet === 'message'} onClick={() => toggle('message')}>
          <IconMail size={20} stroke={1.7} />
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

/** How much of one's own is overdue. */
function LedgerButton({ open, onClick }: Pick<RailButtonProps, 'open' | 'onClick'>) {
  const desk = useDesk();
  const now = useNow(30_000);
  const overdue = useStore(desk.ledger.store, ({ mine }) => overdueOf(mine, now));
  return (
    <RailButton act="ledger" open={open} badge={overdue} onClick={onClick}>
      <IconChecklist size={20} stroke={1.7} />
    </RailButton>
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
  const [problem, setProblem] = useState<DangolError | null>(null);
  const live = useStore(desk.calls.store, ({ calls }) => calls.length > 0);
  const lost = useStore(desk.notes.store, unkept) !== undefined;
  const signOut = async (keepUnsent: boolean, letGo = false) => {
    try {
      await desk.session.signOut(keepUnsent, letGo ? 'let go' : 'refuse');
    } catch (error) {
      setProblem(toDangolError(error));
    }
  };
  const unsent = problem?.code === 'UNSENT_WORK';
  return (
    <Menu position="right-end" width={260} closeOnItemClick={false} onClose={() => setProblem(null)}>
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
      <Menu.Dropdown data-safe>
        <Menu.Label>
          {agent.name} · {t(`role.${agent.role}`)}
        </Menu.Label>
        {problem && !unsent && <Problem problem={problem} />}
        {problem && !unsent && lost && (
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void signOut(true, true)}>
            {t('sign_out.without_unkept')}
          </Menu.Item>
        )}
        {unsent ? (
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut(true)}>
            {t('sign_out.keep_unsent', countsOf(problem))}
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

/** How much is not at the centre yet, as the host counted it. */
function countsOf(problem: DangolError): { operations: number; drafts: number } {
  const count = (name: string) => Number(problem.data?.[name] ?? 0);
  return { operations: count('operations'), drafts: count('drafts') };
}
