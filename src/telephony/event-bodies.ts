import type { Presence, Voicemail } from './phone-types.ts';

/** Longer bodies are not read: no phone has that many calls. */
const LONGEST = 32_768;

/**
 * The voice messages of a message-summary (RFC 3842 section 5.2): `Voice-Message: new/old (urgent)`; without counts one
 * new message stands for "some". @returns null where it is no summary.
 */
export function readMessageSummary(body: string): Voicemail | null {
  const text = body.slice(0, LONGEST);
  const waiting = /^Messages-Waiting[ \t]*:[ \t]*(yes|no)\b/im.exec(text)?.[1]?.toLowerCase();
  if (waiting === undefined) return null;
  const counts = /^Voice-Message[ \t]*:[ \t]*(\d{1,6})[ \t]*\/[ \t]*(\d{1,6})/im.exec(text);
  if (counts) return { newMessages: Number(counts[1]), oldMessages: Number(counts[2]) };
  return { newMessages: waiting === 'yes' ? 1 : 0, oldMessages: 0 };
}

interface Dialog {
  state: string;
  /** `initiator`: they dialled, and hear it ring; `recipient`: they are called. */
  direction: string;
}

/**
 * The calls of one extension, as application/dialog-info+xml tells them (RFC 4235): whole at first, then perhaps only what
 * changed. Read by its tags alone; nothing else of the document is believed or resolved.
 */
export class DialogInfo {
  #dialogs = new Map<string, Dialog>();

  /** What the extension does after this document; `unknown` where it is none. */
  read(body: string): Presence {
    const text = body.slice(0, LONGEST);
    const root = /<(?:[\w-]{1,32}:)?dialog-info\b([^>]{0,1000})>/i.exec(text);
    if (!root) return 'unknown';
    if (attribute(root[1] ?? '', 'state') !== 'partial') this.#dialogs = new Map();
    for (const [id, dialog] of readDialogs(text.slice(root.index + root[0].length))) {
      if (dialog.state === 'terminated') this.#dialogs.delete(id);
      else this.#dialogs.set(id, dialog);
    }
    return this.#presence();
  }

  #presence(): Presence {
    const all = [...this.#dialogs.values()];
    // RFC 4235 section 3.7.1: trying, proceeding, early are before the answer; who dials is busy already.
    if (all.some(({ state, direction }) => state === 'confirmed' || direction === 'initiator')) return 'busy';
    return all.length > 0 ? 'ringing' : 'idle';
  }
}

/** Tags with their attributes and the text behind them; each is looked at once, whatever stands in between. */
const TAG = /<(\/?)(?:[\w-]{1,32}:)?(dialog|state)\b([^<>]{0,1000})>([^<]{0,100})/gi;

function readDialogs(text: string): [string, Dialog][] {
  const found: [string, Dialog][] = [];
  let current: { id: string; direction: string } | null = null;
  for (const [, slash, name = '', attributes = '', inner = ''] of text.matchAll(TAG)) {
    if (name.toLowerCase() === 'dialog') {
      const opened = slash === '' && !attributes.endsWith('/');
      current = opened
        ? { id: attribute(attributes, 'id'), direction: attribute(attributes, 'direction').toLowerCase() }
        : null;
    } else if (current && slash === '') {
      found.push([current.id, { state: inner.trim().toLowerCase(), direction: current.direction }]);
    }
  }
  return found.slice(0, 64);
}

function attribute(attributes: string, name: string): string {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*("[^"]*"|'[^']*')`, 'i').exec(attributes);
  return match?.[1]?.slice(1, -1) ?? '';
}
