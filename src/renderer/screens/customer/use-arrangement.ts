import { useMemo } from 'react';
import { useStore } from 'zustand';
import { type Arranged, arranged } from '../../../shared/arrangement.ts';
import { useDesk } from '../../desk-context.tsx';

/** How whoever sits here wants the blocks, and who that is; null: nobody is signed in. */
export function useArrangement(): { agentId: string | null; blocks: Arranged } {
  const desk = useDesk();
  const agent = useStore(desk.session.store, ({ session }) => (session?.status === 'signed_in' ? session.agent : null));
  const own = useStore(desk.settings.store, ({ settings }) => (agent ? settings.arrangements[agent.id] : undefined));
  const role = agent?.role ?? 'agent';
  const blocks = useMemo(() => arranged(own, role), [own, role]);
  return { agentId: agent?.id ?? null, blocks };
}
