const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export type DueChoice = 'hour' | 'evening' | 'tomorrow' | 'three_days' | 'week';
export const DUE_CHOICES: readonly DueChoice[] = ['hour', 'evening', 'tomorrow', 'three_days', 'week'];

/**
 * The moment that a chip means, by this desk's own clock and calendar: in an hour; today at six (tomorrow, where that is past);
 * tomorrow, in three days or in a week at ten in the morning.
 */
export function dueTime(choice: DueChoice, now: number): number {
  if (choice === 'hour') return Math.ceil((now + HOUR) / 300_000) * 300_000;
  if (choice === 'evening') {
    const six = atHour(now, 18);
    return six > now ? six : atHour(now + DAY, 18);
  }
  const days = { tomorrow: 1, three_days: 3, week: 7 }[choice];
  return atHour(now + days * DAY, 10);
}

function atHour(at: number, hour: number): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour).getTime();
}

/** What a datetime-local field says, as an instant; null: no time. */
export function instantOfField(text: string): string | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** An instant as a datetime-local field has it. */
export function fieldOfInstant(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
