import { IconAlarm, IconClockExclamation, IconHourglassEmpty, IconPlayerPause } from '@tabler/icons-react';
import type { Case, CaseClock } from '../../../shared/work.ts';
import { useWords } from '../../i18n.ts';
import classes from './ledger.module.css';

/** How a case stands by what the business promised: 'soon' when it warns, 'late' when the time is over, 'still' while it waits. */
function clockState(clock: CaseClock, now: number): 'runs' | 'soon' | 'late' | 'still' | 'none' {
  if (clock.waitingSince !== null) return clock.minutesLeft === null ? 'none' : 'still';
  if (clock.nextBy === null) return 'none';
  if (Date.parse(clock.nextBy) <= now) return 'late';
  return clock.warnFrom !== null && Date.parse(clock.warnFrom) <= now ? 'soon' : 'runs';
}

/** The first answer is owed before the solution, unless it was given or is promised for later. */
const owedNext = ({ nextBy, answerBy, answeredAt }: CaseClock): 'answer' | 'solution' =>
  answeredAt === null && nextBy === answerBy ? 'answer' : 'solution';

/** Whether there is anything to say. */
export const hasClock = ({ clock }: Pick<Case, 'clock'>, now: number) =>
  clock !== undefined && clockState(clock, now) !== 'none';

const ICONS = {
  runs: IconHourglassEmpty,
  soon: IconAlarm,
  late: IconClockExclamation,
  still: IconPlayerPause,
} as const;

/** The clock of a case: what is owed next, and how much time is left. It only compares with now: the centre counted the hours. */
export function CaseClockLine({ row, now }: { row: Pick<Case, 'clock'>; now: number }) {
  const { t, format } = useWords();
  const { clock } = row;
  if (!clock) return null;
  const state = clockState(clock, now);
  if (state === 'none') return null;
  const Icon = ICONS[state];
  const due = clock.nextBy ?? '';
  return (
    <span className={classes.clock} data-state={state} title={state === 'still' ? undefined : format.exact(due)}>
      <Icon size={13} stroke={1.9} aria-hidden="true" />
      {state === 'still'
        ? stillWords(clock.minutesLeft ?? 0, t)
        : t(`ledger:clock.${state}`, {
            what: t(`ledger:clock.${owedNext(clock)}`),
            when: format.relative(due, now),
          })}
    </span>
  );
}

function stillWords(minutes: number, t: ReturnType<typeof useWords>['t']): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return t(minutes < 0 ? 'ledger:clock.still_late' : 'ledger:clock.still', { hours, minutes: rest });
}
