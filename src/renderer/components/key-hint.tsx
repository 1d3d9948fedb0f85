import { type KeyAct, keyOf } from '../keys/key-table.ts';

/** The key of an act, as shown on its control. Screen readers hear it from aria-keyshortcuts, not from here. */
export function KeyHint({ act }: { act: KeyAct }) {
  return (
    <span className="key" aria-hidden="true" data-safe>
      {keyOf(act)}
    </span>
  );
}
