import type { Interaction } from '../../shared/interaction.ts';
import type { Language } from '../../shared/text.ts';

const QUOTE_MAX = 5_000;

/** What was asked, below the answer, as mail programs write it. In the language of the customer. */
export function quoted({ message, startedAt }: Interaction, language: Language): string {
  const when = new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    ...{ dateStyle: 'long', timeStyle: 'short', timeZone: 'Asia/Seoul' },
  }).format(new Date(startedAt));
  const who = message?.address ?? '';
  const head = language === 'ko' ? `${when}, ${who} 님이 쓰신 글:` : `On ${when}, ${who} wrote:`;
  const lines = (message?.text ?? '').slice(0, QUOTE_MAX).toWellFormed().split('\n');
  return [head, ...lines.map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`))].join('\n');
}
