/** Speech at a desk is about -30 dB; what a quiet room and a keyboard leave of it is below -36 dB. On the meter's scale. */
const SPEECH = 0.4;
const LOOKS = 6;
const LOUD_LOOKS = 4;
const SHOWN_MS = 4_000;
export const LOOK_EVERY_MS = 100;

/**
 * Notices that somebody talks into a muted microphone: loud in four of the last six looks, so that a cough is none.
 * @returns for each look (level 0..1, time in ms) whether the hint is to be seen.
 */
export function mutedTalk(): (level: number, at: number) => boolean {
  const looks: boolean[] = [];
  let until = 0;
  return (level, at) => {
    looks.push(level >= SPEECH);
    if (looks.length > LOOKS) looks.shift();
    if (looks.filter(Boolean).length >= LOUD_LOOKS) until = at + SHOWN_MS;
    return at < until;
  };
}
