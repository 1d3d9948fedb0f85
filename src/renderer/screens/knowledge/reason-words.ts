import { useStore } from 'zustand';
import type { KnowledgeReason } from '../../../shared/knowledge.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import type { CiteInto } from './cite.ts';

/** Why an article is suggested, in words: “해지” in the note · owns 5G Slim. */
export function useReasonWords(into: CiteInto): (reasons: readonly KnowledgeReason[]) => string {
  const desk = useDesk();
  const { t, language } = useWords();
  const { queues, dispositions } = useStore(desk.session.store, ({ catalogue }) => catalogue);
  const one = (reason: KnowledgeReason): string => {
    switch (reason.kind) {
      case 'note':
        return t(`knowledge:reason.${into}`, { word: reason.word });
      case 'case':
        return t('knowledge:reason.case', { word: reason.word, number: reason.number });
      case 'disposition': {
        const label = dispositions.find(({ code }) => code === reason.code)?.label[language] ?? reason.code;
        return t('knowledge:reason.disposition', { label });
      }
      case 'product':
        return t('knowledge:reason.product', { name: reason.name[language] });
      case 'queue': {
        const label = queues.find(({ name }) => name === reason.name)?.label[language] ?? reason.name;
        return t('knowledge:reason.queue', { label });
      }
    }
  };
  return (reasons) => reasons.map(one).join(' · ');
}
