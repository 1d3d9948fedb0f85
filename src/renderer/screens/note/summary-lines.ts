import type { Disposition } from '../../../shared/work.ts';
import type { Words } from '../../i18n.ts';
import type { DoneInCall } from '../../lib/call-summary.ts';

/** The summary of a call in lines, ready to be edited: how it ended, to whom it went, what was promised, what was opened. */
export function asLines(
  done: DoneInCall,
  { t, format, language }: Words,
  dispositions: readonly Disposition[],
): string[] {
  const ending = dispositions.find(({ code }) => code === done.dispositionCode)?.label[language];
  return [
    ...(ending ? [t('note.summary.ending', { ending })] : []),
    ...(done.transferredTo ? [t('note.summary.transferred', { to: done.transferredTo })] : []),
    ...done.promises.map(({ kind, what, dueAt }) =>
      t('note.summary.promise', { kind: t(`ledger:kind.${kind ?? 'promise'}`), what, due: format.exact(dueAt) }),
    ),
    ...done.opened.map(({ number, subject }) => t('note.summary.case', { number, subject }).trim()),
  ];
}
