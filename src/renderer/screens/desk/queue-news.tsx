import { Button } from '@mantine/core';
import { IconUserExclamation } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { PbxAgent, QueueSeat } from '../../../shared/pbx.ts';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { duration } from '../../lib/format.ts';
import { useBreakWord } from './agent-state-menu.tsx';
import classes from './desk.module.css';

/** A figure that is older says how old it is. */
const FRESH_MS = 20_000;

/** Who waits in the agent's queues, and what is wrong between desk and PBX. Nothing where the centre hears no PBX. */
export function QueueNews() {
  const desk = useDesk();
  const { t } = useWords();
  const { agent, unsent } = useStore(desk.pbx.store);
  if (unsent) return <Trouble words={t('pbx:unsent')} />;
  if (agent === null || agent.link === 'none') return null;
  if (agent.link !== 'up') return <Trouble words={t('pbx:link_down')} />;
  return <Waiting agent={agent} />;
}

function Trouble({ words }: { words: string }) {
  return (
    <span className={classes.line} data-bad="true" role="status">
      {words}
    </span>
  );
}

function Waiting({ agent }: { agent: PbxAgent }) {
  const desk = useDesk();
  const now = useNow(1000);
  const { t, language, format } = useWords();
  const queues = useStore(desk.session.store, (s) => s.catalogue.queues);
  const registered = useStore(desk.line.store, (line) => line.registration.state === 'registered');
  if (agent.seats.length === 0) return null;
  if (agent.reachable === false && registered) return <Trouble words={t('pbx:unreachable')} />;
  const nameOf = ({ queue }: QueueSeat) => queues.find((row) => row.name === queue)?.label[language] ?? queue;
  const count = agent.seats.reduce((sum, seat) => sum + seat.waiting, 0);
  const since = agent.seats.flatMap(({ longestSince }) => (longestSince === null ? [] : Date.parse(longestSince)));
  const longest = duration(Math.max(0, now - Math.min(now, ...since)));
  const age = format.relative(agent.asOf, now);
  const paused = agent.seats.filter((seat) => seat.paused);
  const some = paused.length > 0 && paused.length < agent.seats.length;
  const each = agent.seats.map((seat) => t('pbx:waiting_by_queue', { queue: nameOf(seat), n: seat.waiting }));
  return (
    <span className={classes.waiting} data-waiting={count} title={[...each, t('pbx:as_of', { age })].join(' · ')}>
      {count === 0 ? t('pbx:waiting_none') : t('pbx:waiting', { n: count, longest })}
      {now - Date.parse(agent.asOf) > FRESH_MS && <span className={classes.time}> {t('pbx:as_of', { age })}</span>}
      {some && (
        <span className={classes.pausedIn}> {t('pbx:paused_in', { queues: paused.map(nameOf).join(', ') })}</span>
      )}
    </span>
  );
}

/** The state was changed at the PBX: said once, with who, until the agent has read it. */
export function StateChangedBanner() {
  const desk = useDesk();
  const { t } = useWords();
  const changed = useStore(desk.pbx.store, (pbx) => pbx.changed);
  const breakWord = useBreakWord();
  if (changed === null) return null;
  const reason = changed.state === 'break' ? breakWord(changed.reason) : '';
  const key = changed.state !== 'break' ? 'changed_available' : reason ? 'changed_break' : 'changed_break_plain';
  return (
    <div className={classes.banner} data-kind="warn" data-pbx-changed={changed.state} role="status">
      <IconUserExclamation size={16} />
      <span>{t(`pbx:${key}`, { reason })}</span>
      <Button variant="default" onClick={() => desk.pbx.dismiss()}>
        {t('pbx:dismiss')}
      </Button>
    </div>
  );
}
