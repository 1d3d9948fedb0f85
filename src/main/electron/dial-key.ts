import type { GlobalShortcut } from 'electron';
import type { DialKey } from '../../shared/shell-bridge.ts';
import { numberInText } from './links.ts';

export interface DialKeyParts {
  shortcuts: Pick<GlobalShortcut, 'register' | 'unregister'>;
  /** What is selected, best first: the selection where the system tells it (Linux), then what was copied. */
  texts: () => readonly Promise<string>[];
  /** The number that was selected; '' where there is none. It is shown, never dialled. */
  picked: (number: string) => void;
}

/** The key that brings a number from any program into the dial box. Off until the page asks for one. */
export function makeDialKey({ shortcuts, texts, picked }: DialKeyParts) {
  let held: DialKey | null = null;
  const letGo = () => {
    if (held !== null) shortcuts.unregister(held);
    held = null;
  };
  const press = async () => {
    // A clipboard that cannot be read holds no number.
    const read = await Promise.all(texts().map((text) => text.catch(() => '')));
    picked(read.map(numberInText).find((number) => number !== null) ?? '');
  };
  return {
    /** @returns false where another program has this key: then none is held. */
    hold: (key: DialKey | null): boolean => {
      if (key === held) return true;
      letGo();
      if (key === null) return true;
      if (!shortcuts.register(key, () => void press())) return false;
      held = key;
      return true;
    },
    letGo,
  };
}
