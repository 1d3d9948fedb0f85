import { choiceProps } from '../keys/choices.ts';

/** The digit of a button in a numbered list; nothing beyond the ninth. @param props.index from 0. */
export function ChoiceHint({ index }: { index: number }) {
  const digit = choiceProps(index)['data-choice'];
  if (!digit) return null;
  return (
    <span className="key" aria-hidden="true">
      {digit}
    </span>
  );
}
