import { newId } from '../../shared/ids.ts';
import type { AdminTrySource } from '../../shared/message-source.ts';
import { CentralProblem } from '../problem.ts';
import { takeInbound } from './inbound.ts';
import { readSource, type SourceParts } from './sources.ts';

const WORDS = '안녕하세요. 설치 날짜를 바꾸고 싶은데 가능한가요?';

/** Something comes in as if the source had brought it, in the source's own form: what a desk will show of it. */
export async function trySource(
  { db, clock, ...parts }: SourceParts,
  name: string,
  wanted: AdminTrySource,
): Promise<{ repeated: boolean }> {
  const source = await readSource(db, name);
  if (source === null) throw new CentralProblem('NOT_FOUND', { detail: `there is no source ${name}` });
  const { phone, email, text = WORDS } = wanted;
  const id = `try-${newId()}`;
  const named = (role: keyof typeof source.fields) => source.fields[role] ?? role;
  const from = { name: wanted.name ?? '연습 고객', ...(phone ? { phone } : {}), ...(email ? { email } : {}) };
  const person = phone ?? email ?? id;
  const body =
    source.channel === 'message'
      ? { id, conversation: `try-${person}`, from: { id: `try-${person}`, ...from }, text }
      : Object.fromEntries([
          ['id', id],
          ...Object.entries({ ...from, text }).map(([role, value]) => [
            named(role as keyof typeof source.fields),
            value,
          ]),
        ]);
  const raw = Buffer.from(JSON.stringify(body));
  return takeInbound({ db, clock, ...parts }, source, { contentType: 'application/json', id: undefined, body: raw });
}
