import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The few words that the shell says itself: tray, and the box of a start that failed. */
const ShellWords = z.object({ name: z.string(), open: z.string(), quit: z.string(), failed: z.string() });
export type ShellWords = z.infer<typeof ShellWords>;

/**
 * Reads the shell's words (assets/locales/…/shell.json, put beside the bundle by scripts/build-electron.mjs).
 * @param locale the system's, such as ko-KR.
 */
export function shellWords(folder: string, locale: string): ShellWords {
  const language = locale.toLowerCase().startsWith('ko') ? 'ko' : 'en';
  return ShellWords.parse(JSON.parse(readFileSync(join(folder, `shell.${language}.json`), 'utf8')));
}
