import { Highlight } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { IconUser } from '@tabler/icons-react';
import type { FoundCustomer } from '../../../shared/customer-search.ts';
import { useDesk, useNow } from '../../desk-context.tsx';
import { useWords, type Words } from '../../i18n.ts';
import { nameOf } from '../../lib/customer-name.ts';
import classes from './desk.module.css';
import { openCustomer } from './use-desk-keys.ts';
import type { Found } from './use-search.ts';

/** The customers that were found, each with what it was found by where that is neither name nor number. */
export function Customers({ found, text }: { found: Found; text: string }) {
  const desk = useDesk();
  const { t, format } = useWords();
  const now = useNow(60_000);
  if (found.state !== 'found') return null;
  return found.candidates.map((candidate) => {
    const facts = [
      t(`customer:tier.${candidate.tier}`),
      candidate.foundCase && caseFound(t, candidate.foundCase),
      candidate.phone,
      // A case that was found takes its place on the line.
      !candidate.foundCase && candidate.customerNumber,
      candidate.lastContactAt && t('customer:last_contact', { when: format.relative(candidate.lastContactAt, now) }),
    ]
      .filter(Boolean)
      .join(' · ');
    return (
      <Spotlight.Action
        key={candidate.id}
        data-candidate={candidate.id}
        label={nameOf(t, candidate)}
        description={facts}
        highlightQuery
        leftSection={<IconUser size={18} />}
        rightSection={candidate.foundOwn && <FoundOwn own={candidate.foundOwn} text={text} />}
        dimmedSections={false}
        onClick={() => openCustomer(desk, candidate.id)}
      />
    );
  });
}

/** 관심사: 골프. What was typed is marked; all of it where it was typed otherwise (golf, ㄱㅍ). */
function FoundOwn({ own, text }: { own: NonNullable<FoundCustomer['foundOwn']>; text: string }) {
  const { language } = useWords();
  const value = own.value[language];
  const asked = text.replace(/^[^:：=]*[:：=]/u, '').trim();
  const isThere = asked !== '' && value.toLowerCase().includes(asked.toLowerCase());
  return (
    <span className={classes.foundOwn}>
      {own.label[language]}:{' '}
      <Highlight component="span" highlight={isThere ? asked : value}>
        {value}
      </Highlight>
    </span>
  );
}

/** #1042 공유기 교체품 배송 지연 (처리 중) */
function caseFound(t: Words['t'], { number, subject, status }: NonNullable<FoundCustomer['foundCase']>): string {
  return t('finder.case', { number, subject, status: t(`customer:case.${status}`) });
}
