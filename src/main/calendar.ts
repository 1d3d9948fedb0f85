/**
 * The day on a calendar in a time zone, YYYY-MM-DD; in a zone that nobody knows, the day in Greenwich. What formats it is made
 * once a zone: it costs more than a read.
 */
export function createCalendar(): (now: number, timeZone: string) => string {
  const known = new Map<string, Intl.DateTimeFormat>();
  return (now, timeZone) => {
    const format = known.get(timeZone) ?? formatOf(timeZone);
    known.set(timeZone, format);
    return format.format(now);
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('sv-SE', { timeZone });
  } catch {
    return new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC' });
  }
}
