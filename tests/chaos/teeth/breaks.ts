import { BREAKS_OF_APPLYING } from './breaks-of-applying.ts';
import { BREAKS_OF_LANES } from './breaks-of-lanes.ts';
import { BREAKS_OF_PULLING } from './breaks-of-pulling.ts';
import { BREAKS_OF_PUSHING } from './breaks-of-pushing.ts';

/** One deliberate break of the engine: what a tired programmer might write. */
export interface Break {
  name: string;
  /** The rule of SPEC.md that it breaks. */
  rule: string;
  edits: readonly Edit[];
}

/** `from` stands in the file exactly once, or the break is out of date. */
export interface Edit {
  /** In src/sync. */
  file: string;
  from: string;
  to: string;
}

export const BREAKS: readonly Break[] = [
  ...BREAKS_OF_PUSHING,
  ...BREAKS_OF_PULLING,
  ...BREAKS_OF_APPLYING,
  ...BREAKS_OF_LANES,
];

export function breakNamed(name: string): Break {
  const found = BREAKS.find((one) => one.name === name);
  if (!found) throw new Error(`no break is called ${name}`);
  return found;
}

/** The text of a file of src/sync under a break. @throws where what is to be replaced is not there exactly once. */
export function broken({ name, edits }: Break, file: string, source: string): string {
  let text = source;
  for (const { file: of, from, to } of edits) {
    if (of !== file) continue;
    const times = text.split(from).length - 1;
    if (times !== 1) throw new Error(`"${name}": ${file} has ${times} times: ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}
