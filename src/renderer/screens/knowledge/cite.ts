import type { KnowledgeHit } from '../../../shared/knowledge.ts';
import type { Words } from '../../i18n.ts';
import { PLACES } from '../desk/places.ts';
import { putIntoNote } from '../note/use-note-menu.ts';

type Cited = Pick<KnowledgeHit, 'code' | 'number' | 'title' | 'shortAnswer'>;

/** Which article, in which version, and what it says: whoever reads the note later sees what the customer was told. */
export function citation({ code, number, title, shortAnswer }: Cited, t: Words['t']): string {
  return t('knowledge:citation', { code, number, title, answer: shortAnswer.replace(/\s+/gu, ' ') });
}

/** Into the note, where its caret stands. False: there is no note to write in. */
export function citeIntoNote(article: Cited, t: Words['t']): boolean {
  const field = document.getElementById(PLACES.note);
  if (!(field instanceof HTMLTextAreaElement) || field.disabled) return false;
  const { value, selectionStart: from, selectionEnd: to } = field;
  const gap = from === 0 || /\s/u.test(value.charAt(from - 1)) ? '' : '\n';
  putIntoNote(field, gap + citation(article, t), from, to);
  return true;
}
