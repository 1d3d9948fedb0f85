import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { KnowledgeUse } from '../../../shared/knowledge.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useWords } from '../../i18n.ts';
import { keyOf } from '../../keys/key-table.ts';
import { PLACES } from '../desk/places.ts';
import { type CiteInto, safeBeside } from './cite.ts';
import type { Press, Pressed } from './knowledge-panel.tsx';

interface PressButtonsProps {
  article: Pressed;
  into: CiteInto;
  /** null: not known in the list; the host counts once anyway. */
  used: Record<KnowledgeUse, boolean> | null;
  onPress: Press;
}

export function PressButtons({ article, into, used, onPress }: PressButtonsProps) {
  const { t } = useWords();
  return (
    <>
      <Button
        size="xs"
        data-safe={safeBeside(into)}
        data-place={PLACES.cite}
        aria-keyshortcuts={keyOf('cite')}
        rightSection={<KeyHint act="cite" />}
        onClick={() => onPress(article, 'cited')}
      >
        {t(`knowledge:cite.${into}`)}
      </Button>
      <Button
        size="xs"
        variant="default"
        data-safe={safeBeside(into)}
        data-place={PLACES.helped}
        aria-keyshortcuts={keyOf('helped')}
        aria-pressed={used?.helped ?? false}
        leftSection={used?.helped ? <IconCheck size={14} aria-hidden="true" /> : undefined}
        rightSection={<KeyHint act="helped" />}
        onClick={() => onPress(article, 'helped')}
      >
        {t('knowledge:helped')}
      </Button>
    </>
  );
}
