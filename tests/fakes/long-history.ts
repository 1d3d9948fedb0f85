import type { TimelineEntry } from '../../src/shared/customer-360.ts';
import { HISTORY_PAGE, type HistoryLine, type HistoryPage, type HistoryRequest } from '../../src/shared/history.ts';
import { fixedId } from './desk-fixtures.ts';

const HOUR = 3_600_000;
const CHANNELS = ['phone', 'email', 'web', 'message', 'visit', 'mail'] as const;

/** A customer of many years: the pages of a history of `count` contacts, every third with a note. */
export function longHistory(count: number, newest: number): (request: HistoryRequest) => HistoryPage {
  const lineOf = (n: number): HistoryLine => {
    const at = new Date(newest - (n + 1) * 7 * HOUR).toISOString();
    const id = fixedId(100_000 + n);
    const interaction: TimelineEntry['interaction'] = {
      ...{ id, customerId: null, channel: CHANNELS[n % CHANNELS.length] ?? 'phone', direction: n % 2 ? 'out' : 'in' },
      ...{ startedAt: at, answeredAt: null, endedAt: null, result: null, phone: null, queue: null },
      ...{ agentId: null, agentName: '정해린', subject: `문의 ${n}`, dispositionCode: null },
    };
    const note = {
      id: fixedId(200_000 + n),
      interactionId: id,
      customerId: null,
      text: `요금제 변경 안내 ${n}번째. 다음 달부터 적용.`,
    };
    const said = { ...note, authorId: fixedId(1), authorName: '정해린', at, mark: 'centre' as const };
    return { kind: 'contact', at, entry: { interaction, notes: n % 3 === 0 ? [said] : [], mark: 'centre' } };
  };
  const lines = Array.from({ length: count }, (_, n) => lineOf(n));
  return ({ before, only, text }) => {
    const from = before === null ? 0 : lines.findIndex(({ at }) => at < before.at);
    const rest = from < 0 ? [] : lines.slice(from);
    const fits = rest.filter(
      (line) =>
        line.kind === 'contact' &&
        (only === null ||
          only === line.entry.interaction.channel ||
          (only === 'notes' && line.entry.notes.length > 0)) &&
        (line.entry.interaction.subject ?? '').includes(text),
    );
    const page = fits.slice(0, HISTORY_PAGE);
    const last = page.at(-1);
    const more = fits.length > page.length && last?.kind === 'contact';
    return { lines: page, next: more ? { at: last.at, id: last.entry.interaction.id } : null };
  };
}
