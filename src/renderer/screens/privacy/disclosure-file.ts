import type { Disclosure } from '../../../shared/disclosure.ts';
import type { Words } from '../../i18n.ts';
import { saveFile } from '../../lib/save-file.ts';

const LINE = '\n';

/** All that is held about a person, as somebody reads it who never saw a computer program's data. */
export function disclosureText(all: Disclosure, { t, format }: Words): string {
  const head = [t('privacy:file.title', { number: all.customer.customerNumber }), format.exact(all.at), ''];
  const people = [all.customer, ...all.merged].flatMap((one) => [...block(one), '']);
  const kinds = Object.entries(all.rows).flatMap(([kind, rows]) => {
    const there = all.counts[kind] ?? rows.length;
    const cut = there > rows.length ? [t('privacy:file.cut', { n: rows.length, all: there })] : [];
    return [`== ${t(`privacy:kind.${kind}`)} (${there}) ==`, ...cut, ...rows.flatMap((row) => [...block(row), ''])];
  });
  const looks = all.looks.map((look) =>
    [
      format.exact(look.at),
      look.agentName ?? t('privacy:unknown_agent'),
      t(`privacy:action.${look.action}`),
      look.context,
    ]
      .filter(Boolean)
      .join(' · '),
  );
  return [
    ...head,
    ...people,
    ...kinds,
    `== ${t('privacy:kind.looks')} (${all.counts.looks ?? 0}) ==`,
    ...looks,
    '',
  ].join(LINE);
}

/** Ids say nothing to anybody. */
const isSaid = ([key, value]: [string, unknown]) =>
  key !== 'id' && !key.endsWith('Id') && value !== null && value !== '' && value !== undefined;

function block(row: object): string[] {
  return Object.entries(row)
    .filter(isSaid)
    .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
}

/** Into a file of this computer. The byte order mark tells programs of Windows that Hangul is UTF-8. */
export function download(name: string, text: string): void {
  const json = name.endsWith('.json');
  const type = json ? 'application/json' : 'text/plain;charset=utf-8';
  saveFile(name, new Blob([json ? text : `\uFEFF${text}`], { type }));
}
