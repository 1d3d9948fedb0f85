/** What a key does. Its words are in locales/keys.json, under the same name. */
export type KeyAct =
  | 'answer'
  | 'decline'
  | 'hang_up'
  | 'mute'
  | 'hold'
  | 'keypad'
  | 'dial'
  | 'transfer'
  | 'park'
  | 'take_back'
  | 'pick_up'
  | 'swap'
  | 'conference'
  | 'card_pause'
  | 'record'
  | 'note'
  | 'save'
  | 'knowledge'
  | 'cite'
  | 'helped'
  | 'authoring'
  | 'wrap_up'
  | 'ready'
  | 'more_time'
  | 'find'
  | 'peek'
  | 'edit_customer'
  | 'take_other'
  | 'switch_customer'
  | 'follow_up'
  | 'ledger'
  | 'message'
  | 'script'
  | 'same_person'
  | 'undo_merge'
  | 'people'
  | 'privacy'
  | 'practice'
  | 'attention'
  | 'sync'
  | 'try_now'
  | 'settings'
  | 'shift_check'
  | 'quality'
  | 'keys'
  | 'share_screen'
  | 'back';

export interface Chord {
  /** Where the key is, not what it writes: KeyboardEvent.code, the same under 한글 and English. */
  code: string;
  ctrl?: true;
  alt?: true;
  shift?: true;
}

export interface KeyRow {
  act: KeyAct;
  chord: Chord;
  group: 'call' | 'work' | 'desk';
}

/**
 * Every key of the desk, once; tests/unit/renderer/key-table.test.ts finds duplicates and keys that browsers keep.
 * Single digits choose the disposition while no text field has the focus; they and Esc are the only keys without a modifier.
 */
export const KEY_TABLE: readonly KeyRow[] = [
  { act: 'answer', chord: { code: 'KeyA', alt: true }, group: 'call' },
  { act: 'decline', chord: { code: 'KeyZ', alt: true }, group: 'call' },
  { act: 'hang_up', chord: { code: 'KeyX', alt: true }, group: 'call' },
  { act: 'mute', chord: { code: 'KeyM', alt: true }, group: 'call' },
  { act: 'hold', chord: { code: 'KeyH', alt: true }, group: 'call' },
  { act: 'keypad', chord: { code: 'KeyK', alt: true }, group: 'call' },
  { act: 'dial', chord: { code: 'KeyT', alt: true }, group: 'call' },
  { act: 'transfer', chord: { code: 'KeyG', alt: true }, group: 'call' },
  { act: 'park', chord: { code: 'KeyG', alt: true, shift: true }, group: 'call' },
  { act: 'take_back', chord: { code: 'KeyH', alt: true, shift: true }, group: 'call' },
  { act: 'pick_up', chord: { code: 'KeyC', alt: true, shift: true }, group: 'call' },
  { act: 'swap', chord: { code: 'KeyS', alt: true }, group: 'call' },
  { act: 'conference', chord: { code: 'KeyJ', alt: true }, group: 'call' },
  { act: 'card_pause', chord: { code: 'KeyC', alt: true }, group: 'call' },
  { act: 'record', chord: { code: 'KeyO', alt: true }, group: 'call' },
  { act: 'note', chord: { code: 'KeyN', alt: true }, group: 'work' },
  { act: 'save', chord: { code: 'Enter', ctrl: true }, group: 'work' },
  { act: 'knowledge', chord: { code: 'KeyK', alt: true, shift: true }, group: 'work' },
  { act: 'cite', chord: { code: 'KeyI', alt: true, shift: true }, group: 'work' },
  { act: 'helped', chord: { code: 'KeyU', alt: true, shift: true }, group: 'work' },
  { act: 'authoring', chord: { code: 'KeyW', alt: true, shift: true }, group: 'desk' },
  { act: 'script', chord: { code: 'KeyJ', alt: true, shift: true }, group: 'work' },
  { act: 'wrap_up', chord: { code: 'KeyW', alt: true }, group: 'work' },
  { act: 'peek', chord: { code: 'KeyU', alt: true }, group: 'work' },
  { act: 'edit_customer', chord: { code: 'KeyE', alt: true, shift: true }, group: 'work' },
  { act: 'take_other', chord: { code: 'KeyO', alt: true, shift: true }, group: 'work' },
  { act: 'switch_customer', chord: { code: 'KeyS', alt: true, shift: true }, group: 'work' },
  { act: 'follow_up', chord: { code: 'KeyF', alt: true, shift: true }, group: 'work' },
  { act: 'ledger', chord: { code: 'KeyL', alt: true, shift: true }, group: 'work' },
  { act: 'message', chord: { code: 'KeyR', alt: true, shift: true }, group: 'work' },
  { act: 'same_person', chord: { code: 'KeyM', alt: true, shift: true }, group: 'work' },
  { act: 'undo_merge', chord: { code: 'KeyZ', alt: true, shift: true }, group: 'work' },
  { act: 'people', chord: { code: 'KeyP', alt: true, shift: true }, group: 'work' },
  { act: 'privacy', chord: { code: 'KeyV', alt: true, shift: true }, group: 'work' },
  { act: 'back', chord: { code: 'KeyB', alt: true }, group: 'work' },
  { act: 'ready', chord: { code: 'KeyR', alt: true }, group: 'desk' },
  { act: 'more_time', chord: { code: 'KeyY', alt: true }, group: 'desk' },
  { act: 'find', chord: { code: 'KeyK', ctrl: true }, group: 'desk' },
  { act: 'practice', chord: { code: 'KeyP', alt: true }, group: 'desk' },
  { act: 'attention', chord: { code: 'KeyQ', alt: true }, group: 'desk' },
  { act: 'sync', chord: { code: 'KeyI', alt: true }, group: 'desk' },
  { act: 'try_now', chord: { code: 'KeyV', alt: true }, group: 'desk' },
  { act: 'settings', chord: { code: 'Comma', alt: true }, group: 'desk' },
  { act: 'shift_check', chord: { code: 'Period', alt: true }, group: 'desk' },
  { act: 'quality', chord: { code: 'KeyL', alt: true }, group: 'call' },
  { act: 'share_screen', chord: { code: 'KeyD', alt: true, shift: true }, group: 'desk' },
  { act: 'keys', chord: { code: 'Slash', alt: true }, group: 'desk' },
];

export interface KeyPress {
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
  repeat: boolean;
}

/** The act of a key press, or null. A press that belongs to a composition (Hangul) is never an act. */
export function actOf(press: KeyPress): KeyAct | null {
  // 229: the key went to the input method, also where isComposing is not yet true.
  if (press.isComposing || press.keyCode === 229 || press.repeat) return null;
  const row = KEY_TABLE.find(({ chord }) => matches(chord, press));
  return row ? row.act : null;
}

function matches(chord: Chord, press: KeyPress): boolean {
  const ctrl = press.ctrlKey || press.metaKey;
  const code = press.code === 'NumpadEnter' ? 'Enter' : press.code;
  return (
    chord.code === code &&
    Boolean(chord.ctrl) === ctrl &&
    Boolean(chord.alt) === press.altKey &&
    Boolean(chord.shift) === press.shiftKey
  );
}

/** 1 to 9 for a plain digit key (row or number pad), else null. */
export function digitOf(press: KeyPress): string | null {
  if (press.isComposing || press.repeat || press.ctrlKey || press.metaKey || press.altKey || press.shiftKey)
    return null;
  return /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1] ?? null;
}

const SHOWN_CODES: Readonly<Record<string, string>> = { Comma: ',', Period: '.', Slash: '/', Enter: 'Enter' };

/** As printed on a control: Alt+A. */
export function chordLabel(chord: Chord): string {
  const key = SHOWN_CODES[chord.code] ?? chord.code.replace(/^(Key|Digit)/, '');
  return [chord.ctrl && 'Ctrl', chord.alt && 'Alt', chord.shift && 'Shift', key].filter(Boolean).join('+');
}

/** The label of an act's key. Every act has exactly one. */
export function keyOf(act: KeyAct): string {
  const row = KEY_TABLE.find((candidate) => candidate.act === act);
  return row ? chordLabel(row.chord) : '';
}
