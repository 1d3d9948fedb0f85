import en from '../../../assets/locales/en/shell.json' with { type: 'json' };
import ko from '../../../assets/locales/ko/shell.json' with { type: 'json' };

/** The few words that the shell says itself: tray, and the box of a start that failed. */
export type ShellWords = typeof en;

/** @param locale the system's, such as ko-KR. */
export function shellWords(locale: string): ShellWords {
  return locale.toLowerCase().startsWith('ko') ? ko : en;
}
