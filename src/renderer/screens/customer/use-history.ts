import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Customer360 } from '../../../shared/customer-360.ts';
import type { HistoryLine, HistoryPlace, HistoryRequest } from '../../../shared/history.ts';
import { useDesk } from '../../desk-context.tsx';

export type Only = HistoryRequest['only'];

export interface History {
  /** What the view has, and what it had while this customer was on screen. */
  newest: readonly HistoryLine[];
  /** What is older, page by page: a page that is there stays the same object. */
  pages: readonly (readonly HistoryLine[])[];
  /** 'end': everything that this desk has is here. */
  state: 'more' | 'loading' | 'end' | 'failed';
  more: () => void;
}

interface Older {
  pages: History['pages'];
  next: HistoryPlace | null;
  state: History['state'];
}

const SEARCH_AFTER_MS = 150;

/** What the view has of the history: its last contacts and the notes beside them. */
export function linesOf(view: Pick<Customer360, 'timeline' | 'looseNotes'>): HistoryLine[] {
  const contacts = view.timeline.map(
    (entry): HistoryLine => ({ kind: 'contact', at: entry.interaction.startedAt, entry }),
  );
  const loose = (view.looseNotes ?? []).map((note): HistoryLine => ({ kind: 'note', at: note.at, note }));
  return [...contacts, ...loose].sort((a, b) => b.at.localeCompare(a.at));
}

export const idOfLine = (line: HistoryLine) => (line.kind === 'note' ? line.note.id : line.entry.interaction.id);

export function fitsLine(line: HistoryLine, only: Only, search: string): boolean {
  if (line.kind === 'note') return (only === null || only === 'notes') && has(line.note.text, search);
  const { interaction, notes } = line.entry;
  if (only === 'notes' ? notes.length === 0 : only !== null && only !== interaction.channel) return false;
  const texts = [interaction.subject, interaction.agentName, interaction.queue, ...notes.map((note) => note.text)];
  return texts.some((text) => has(text ?? '', search));
}

const has = (text: string, search: string) => text.toLowerCase().includes(search.trim().toLowerCase());

/**
 * The history as far as it was asked for: what the view has, then page after page of what is older. A filter or a search asks
 * the whole of it. What came with the view wins: it has what is pending.
 */
export function useHistory(view: Customer360, only: Only, search: string): History {
  const desk = useDesk();
  const customerId = view.customer.id;
  const newest = useNewest(view);
  const whole = view.interactionCount <= view.timeline.length;
  const filtered = only !== null || search.trim() !== '';
  const [older, setOlder] = useState<Older>({ pages: [], next: null, state: 'more' });
  const round = useRef(0);
  const latest = useRef({ newest, begin: null as HistoryPlace | null });
  latest.current = { newest, begin: filtered ? null : placeOfLast(newest) };

  const load = useCallback(
    async (before: HistoryPlace | null) => {
      const mine = round.current;
      setOlder((now) => ({ ...now, state: 'loading' }));
      const read = (from: HistoryPlace | null) =>
        desk.api.customer.history({ customerId, before: from, only, text: search.trim() });
      try {
        let page = await read(before);
        // A search answers in bounded steps, also with nothing.
        while (page.lines.length === 0 && page.next !== null && mine === round.current) page = await read(page.next);
        if (mine !== round.current) return;
        const { next } = page;
        const shown = new Set(latest.current.newest.map(idOfLine));
        const fresh = page.lines.filter((line) => !shown.has(idOfLine(line)));
        const state = next === null ? 'end' : 'more';
        setOlder(({ pages }) => ({ pages: fresh.length > 0 ? [...pages, fresh] : pages, next, state }));
      } catch {
        if (mine === round.current) setOlder((now) => ({ ...now, state: 'failed' }));
      }
    },
    [desk, customerId, only, search],
  );
  useEffect(() => {
    round.current += 1;
    setOlder({ pages: [], next: null, state: whole ? 'end' : 'more' });
    if (whole || !filtered) return;
    const timer = setTimeout(() => void load(null), search === '' ? 0 : SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [load, whole, filtered, search]);

  const more = () => {
    if (whole || older.state === 'loading' || older.state === 'end') return;
    void load(older.next ?? latest.current.begin);
  };
  const fitting = filtered ? newest.filter((line) => fitsLine(line, only, search)) : newest;
  return { newest: fitting, pages: older.pages, state: older.state, more };
}

/** A contact that a newer one pushes out of the view stays on screen: the pages begin where the first view ended. */
function useNewest(view: Customer360): readonly HistoryLine[] {
  const kept = useRef({ customerId: '', lines: new Map<string, HistoryLine>() });
  return useMemo(() => {
    if (kept.current.customerId !== view.customer.id) {
      kept.current = { customerId: view.customer.id, lines: new Map() };
    }
    const { lines } = kept.current;
    const now = linesOf(view);
    for (const line of now) lines.set(idOfLine(line), line);
    return lines.size === now.length ? now : [...lines.values()].sort((a, b) => b.at.localeCompare(a.at));
  }, [view]);
}

/** Where the contacts of these lines end. */
function placeOfLast(lines: readonly HistoryLine[]): HistoryPlace | null {
  const last = lines.findLast((line) => line.kind === 'contact');
  return last ? { at: last.at, id: idOfLine(last) } : null;
}
