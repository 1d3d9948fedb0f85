import { useCallback, useEffect, useRef, useState } from 'react';
import type { LetterDraft } from '../../../shared/contract-messages.ts';
import type { Customer360 } from '../../../shared/customer-360.ts';
import { DangolError } from '../../../shared/errors.ts';
import { newId } from '../../../shared/ids.ts';
import type { Interaction } from '../../../shared/interaction.ts';
import { isWaiting } from '../../../shared/message.ts';
import type { Desk } from '../../desk.ts';
import { useDesk } from '../../desk-context.tsx';
import { agentOf } from '../../desk-session.ts';
import { toDangolError } from '../../host-client.ts';
import type { LetterTarget } from '../desk/desk-target.ts';

const KEEP_AFTER_MS = 250;

export interface LetterAtWork {
  draft: LetterDraft | null;
  /** What it is sent as. */
  messageId: string;
  /** What is answered, or what could not be sent. */
  original: Interaction | null;
  problem: DangolError | null;
  busy: boolean;
  change: (part: Partial<LetterDraft>) => void;
  answer: (messageId: string | null) => Promise<void>;
  /** @returns whether it is kept here and on its way. */
  send: () => Promise<boolean>;
  notNeeded: () => Promise<boolean>;
}

/** The oldest that waits; null: a new letter. */
function firstWaiting({ timeline }: Customer360): string | null {
  return timeline.filter(({ interaction }) => isWaiting(interaction)).at(-1)?.interaction.id ?? null;
}

/** A conversation goes on under its name; a mail says what it answers. */
function asAnswer({ channel, subject, message }: Interaction): string {
  const about = subject ?? message?.via?.label ?? '';
  return channel === 'message' || /^re:/i.test(about) ? about : `Re: ${about}`;
}

const EMPTY = { answers: null, contactPointId: null, replaces: null, subject: '', text: '' } satisfies LetterDraft;

/** A letter as it begins: what was being written before is never dropped. */
async function begin(api: Desk['api'], view: Customer360, target: LetterTarget | null) {
  const { draft: kept } = await api.messages.draft({ customerId: view.customer.id });
  if (kept && (target === null || (target.answers === kept.answers && target.replaces === kept.replaces))) {
    const about = kept.replaces ?? kept.answers;
    return { draft: kept, original: about === null ? null : await readIt(api, about) };
  }
  const replaces = target?.replaces ?? null;
  const failed = replaces === null ? null : await readIt(api, replaces);
  const answers = failed ? (failed.message?.answers ?? null) : target ? target.answers : firstWaiting(view);
  const original = failed ?? (answers === null ? null : await readIt(api, answers));
  const contactPointId =
    answers === null ? (view.contactPoints.find(({ kind }) => kind === 'email')?.id ?? null) : null;
  const subject = failed ? (failed.subject ?? '') : original ? asAnswer(original) : '';
  const text = kept && kept.text.trim() !== '' ? kept.text : (failed?.message?.text ?? '');
  return { draft: { ...EMPTY, answers, contactPointId, replaces, subject, text }, original };
}

async function readIt(api: Desk['api'], messageId: string): Promise<Interaction | null> {
  const { interaction } = await api.messages.read({ messageId });
  return interaction;
}

/**
 * To the host in the order in which it was made, again where the host went on the way: with the same id it is the same letter. Never
 * under the name of whoever signed in meanwhile.
 */
function useReach(customerId: string) {
  const { queue, session } = useDesk();
  return useCallback(
    <T>(key: string, run: () => Promise<T>): Promise<T> => {
      const author = agentOf(session.store.getState().session);
      return queue.send(`letter:${customerId}`, key, () => {
        if (agentOf(session.store.getState().session) !== author) throw new DangolError('SIGNED_OUT', 'sign-in');
        return run();
      });
    },
    [queue, session, customerId],
  );
}

export function useLetter(view: Customer360, target: LetterTarget | null): LetterAtWork {
  const desk = useDesk();
  const { api } = desk;
  const customerId = view.customer.id;
  const [draft, setDraft] = useState<LetterDraft | null>(null);
  const [original, setOriginal] = useState<Interaction | null>(null);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const [busy, setBusy] = useState(false);
  const unkept = useRef<LetterDraft | null>(null);
  // A draft that is taken up again is the letter that it was: sent twice, it is one.
  const [fresh] = useState(newId);
  const messageId = draft?.messageId ?? fresh;
  const reach = useReach(customerId);
  const first = useRef({ view, target });

  const keep = useCallback(() => {
    const now = unkept.current;
    unkept.current = null;
    if (now) void reach('keep', () => api.messages.keepDraft({ customerId, draft: now })).catch(() => undefined);
  }, [api, customerId, reach]);
  useEffect(() => {
    let gone = false;
    begin(api, first.current.view, first.current.target).then(
      (begun) => {
        if (gone) return;
        setDraft(begun.draft);
        setOriginal(begun.original);
      },
      (error: unknown) => !gone && setProblem(toDangolError(error)),
    );
    return () => {
      gone = true;
      keep();
    };
  }, [api, keep]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the draft begins the pause anew
  useEffect(() => {
    const timer = setTimeout(keep, KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft, keep]);

  const change = (part: Partial<LetterDraft>) => {
    setDraft((before) => {
      const after = { ...(before ?? EMPTY), messageId, ...part };
      unkept.current = after;
      return after;
    });
  };
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await act();
      unkept.current = null;
      return true;
    } catch (error) {
      setProblem(toDangolError(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    ...{ draft, messageId, original, problem, busy, change },
    answer: async (id) => {
      const row = id === null ? null : await readIt(api, id).catch(() => null);
      setOriginal(row);
      const point = view.contactPoints.find(({ kind }) => kind === 'email')?.id ?? null;
      change({
        ...{ answers: id, replaces: null, contactPointId: id === null ? point : null },
        subject: row ? asAnswer(row) : '',
      });
    },
    send: () =>
      run(async () => {
        if (!draft) return;
        // What is sent is no draft any more; where it is not taken it is one again.
        unkept.current = null;
        try {
          await reach('send', () => api.messages.send({ ...draft, messageId, customerId }));
        } catch (error) {
          unkept.current = draft;
          throw error;
        }
      }),
    notNeeded: () =>
      run(async () => {
        if (original) await api.messages.settle({ messageId: original.id, customerId, done: true });
      }),
  };
}
