import errorsEn from '../../../assets/locales/en/errors.json' with { type: 'json' };
import errorsKo from '../../../assets/locales/ko/errors.json' with { type: 'json' };
import type { DangolError } from '../../shared/errors.ts';

/**
 * Why the desk could not start, for the system's box: what happened, what is safe, what to do; under it, for whoever is asked
 * for help, the code and what it is about.
 * @param locale the system's, such as ko-KR.
 */
export function failureText({ code, next, message }: DangolError, locale: string): string {
  const words = locale.toLowerCase().startsWith('ko') ? errorsKo : errorsEn;
  const { what, safe } = words[code];
  return [what, safe, words.next[next], '', `${code}: ${message}`]
    .filter((line, n) => line !== '' || n === 3)
    .join('\n');
}
