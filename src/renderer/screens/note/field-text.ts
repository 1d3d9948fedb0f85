/** What a field has to offer: the textarea, or a test's. */
interface Field {
  value: string;
}

/**
 * Which note the field is writing. A syllable that is being composed belongs to the note in which it was begun: until it is
 * finished the field shows no other one, and its end goes there.
 */
export interface FieldText {
  /** The note that should be on screen, with its text: shown at once, or as soon as the syllable is finished. */
  show: (field: Field, key: string, text: string) => void;
  /** The note that the field holds. */
  key: () => string;
  typed: (field: Field) => void;
  begin: () => void;
  /** @returns the note that the syllable was written into. */
  end: (field: Field) => string;
}

/** @param type takes what was typed into which note. */
export function createFieldText(first: string, type: (key: string, text: string) => void): FieldText {
  let held = first;
  let composing = false;
  let wanted: { key: string; text: string } | null = null;
  const show: FieldText['show'] = (field, key, text) => {
    if (composing) {
      wanted = { key, text };
      return;
    }
    held = key;
    if (field.value !== text) field.value = text;
  };
  return {
    show,
    key: () => held,
    typed: (field) => type(held, field.value),
    begin: () => {
      composing = true;
      wanted = null;
    },
    end: (field) => {
      composing = false;
      const wrote = held;
      type(wrote, field.value);
      // Only another note: of this one the field knows the last word itself.
      if (wanted !== null && wanted.key !== wrote) show(field, wanted.key, wanted.text);
      wanted = null;
      return wrote;
    },
  };
}
