import type { KnowledgeHit } from '../../../shared/knowledge.ts';
import type { Words } from '../../i18n.ts';
import { PLACES } from '../desk/places.ts';
import { putIntoNote } from '../note/use-note-menu.ts';

type Cited = Pick<KnowledgeHit, 'code' | 'number' | 'title' | 'shortAnswer'>;

/** Which article, in which version, and what it says: whoever reads the note later sees what the customer was told. */
function citation({ code, number, title, shortAnswer }: Cited, t: Words['t']): string {
  return t('knowledge:citation', { code, number, title, answer: shortAnswer.replace(/\s+/gu, ' ') });
}

/** What is written beside it: the agent's own note, or a letter to the customer. */
export type CiteInto = 'note' | 'letter';

/** Whether others who see the screen may read the articles (`data-safe`): beside a letter which of them fit says what was asked. */
export const safeBeside = (into: CiteInto): true | undefined => (into === 'note' ? true : undefined);

/**
 * Where the caret stands in the note or the letter. The house's number and version of the article are for colleagues: a customer reads
 * its answer alone. False: there is nothing to write in.
 */
export function cite(into: CiteInto, article: Cited, t: Words['t']): boolean {
  const field = document.getElementById(PLACES[into]);
  if (!(field instanceof HTMLTextAreaElement) || field.disabled) return false;
  const { value, selectionStart: from, selectionEnd: to } = field;
  const gap = from === 0 || /\s/u.test(value.charAt(from - 1)) ? '' : '\n';
  putIntoNote(field, gap + (into === 'note' ? citation(article, t) : article.shortAnswer.trim()), from, to);
  return true;
}
