/** A stretch of words that both texts have, or only the new one, or only the old one. */
export interface Stretch {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Beyond this many words a side, the middle that differs is shown as taken out and put in as a whole. */
const MOST_WORDS = 1500;

/** Words and what stands between them; joined they are the text. */
const split = (text: string): string[] => text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];

/** What became of a text, word by word: the longest common sequence of words. Put together, it gives back both. */
export function wordDifference(before: string, after: string): Stretch[] {
  const [old, now] = [split(before), split(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old[old.length - 1 - tail] === now[now.length - 1 - tail])
    tail += 1;
  const middle = between(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return joined([
    ...old.slice(0, head).map((text): Stretch => ({ kind: 'same', text })),
    ...middle,
    ...now.slice(now.length - tail).map((text): Stretch => ({ kind: 'same', text })),
  ]);
}

function between(old: readonly string[], now: readonly string[]): Stretch[] {
  const added = (words: readonly string[]): Stretch[] => words.map((text) => ({ kind: 'added', text }));
  const removed = (words: readonly string[]): Stretch[] => words.map((text) => ({ kind: 'removed', text }));
  if (old.length > MOST_WORDS || now.length > MOST_WORDS) return [...removed(old), ...added(now)];
  const common = lengths(old, now);
  const width = now.length + 1;
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  const found: Stretch[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      found.push({ kind: 'same', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      found.push({ kind: 'removed', text: old[i] ?? '' });
      i += 1;
    } else {
      found.push({ kind: 'added', text: now[j] ?? '' });
      j += 1;
    }
  }
  return [...found, ...removed(old.slice(i)), ...added(now.slice(j))];
}

/** How many words the rests from (i, j) on have in common, in order. */
function lengths(old: readonly string[], now: readonly string[]): Uint16Array {
  const width = now.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        old[i] === now[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  return common;
}

/** Neighbours of one kind as one; what was taken out stands before what was put in its place. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const { kind, text } of stretches) {
    const last = found.at(-1);
    if (last?.kind === kind) last.text += text;
    else found.push({ kind, text });
  }
  return found;
}
