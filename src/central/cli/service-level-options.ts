import { AdminServiceLevel } from '../../shared/central-admin-api.ts';
import { maybe, need, type Options } from './command-options.ts';
import { CommandProblem } from './terminal.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
type Week = ({ from: number; to: number } | null)[];

/** What the options of `service-level` say, as the request wants it. @throws CommandProblem: with the option that is not understood. */
export function serviceLevelOf(options: Options): AdminServiceLevel {
  const waiting = maybe(options, 'waiting') ?? 'stops';
  if (waiting !== 'stops' && waiting !== 'runs') throw new CommandProblem('--waiting is stops or runs');
  const level = AdminServiceLevel.safeParse({
    hours: {
      timeZone: need(options, 'zone'),
      week: weekOf(need(options, 'hours')),
      holidays: maybe(options, 'holidays')?.split(',') ?? [],
    },
    limits: { high: limitsOf(options, 'high'), normal: limitsOf(options, 'normal'), low: limitsOf(options, 'low') },
    warnMinutes: Number(maybe(options, 'warn') ?? 30),
    pausesWhileWaiting: waiting === 'stops',
  });
  if (level.success) return level.data;
  throw new CommandProblem(`not understood: ${level.error.issues.map(({ path }) => path.join('.')).join(', ')}`);
}

/** mon-fri=09:00-18:00,sat=09:00-13:00 */
function weekOf(text: string): Week {
  const week: Week = DAYS.map(() => null);
  for (const part of text.split(',')) {
    const found = /^([a-z]{3})(?:-([a-z]{3}))?=(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(part.trim());
    const [first, last] = [DAYS.indexOf(found?.[1] ?? ''), DAYS.indexOf(found?.[2] ?? found?.[1] ?? '')];
    if (!found || first < 0 || last < first) {
      throw new CommandProblem('--hours is like mon-fri=09:00-18:00,sat=09:00-13:00');
    }
    const minutes = (hour: number) => Number(found[hour]) * 60 + Number(found[hour + 1]);
    week.fill({ from: minutes(3), to: minutes(5) }, first, last + 1);
  }
  return week;
}

/** 30/240: half an hour to the first answer, four to the solution. */
function limitsOf(options: Options, priority: 'high' | 'normal' | 'low') {
  const found = /^(\d+|none)\/(\d+|none)$/.exec(need(options, priority));
  if (!found) throw new CommandProblem(`--${priority} is MINUTES/MINUTES, or none`);
  const minutes = (text: string | undefined) => (text === 'none' ? null : Number(text));
  return { answerMinutes: minutes(found[1]), solutionMinutes: minutes(found[2]) };
}
