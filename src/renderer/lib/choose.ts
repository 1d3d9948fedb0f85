import { getChoseong } from 'es-hangul';

const plain = (text: string) => text.normalize('NFC').toLowerCase().replace(/\s/gu, '');

/** How well one text answers what was typed: 0 best, null not at all. Initials (ㅎㅂ) find 환불. */
function closeness(text: string, query: string): number | null {
  const [whole, asked] = [plain(text), plain(query)];
  if (whole.startsWith(asked)) return 0;
  if (whole.includes(asked)) return 1;
  if (!/^[ㄱ-ㅎ]+$/u.test(asked)) return null;
  const at = getChoseong(whole).replace(/\s/gu, '').indexOf(asked);
  return at < 0 ? null : 2;
}

/** The best of what can be chosen, by what stands for each; equally good ones keep their order. */
export function choose<T>(all: readonly T[], query: string, namesOf: (one: T) => readonly string[]): T[] {
  const found = all.flatMap((one, order) => {
    const best = Math.min(...namesOf(one).map((name) => closeness(name, query) ?? Number.POSITIVE_INFINITY));
    return Number.isFinite(best) ? [{ one, best, order }] : [];
  });
  return found.sort((a, b) => a.best - b.best || a.order - b.order).map(({ one }) => one);
}
