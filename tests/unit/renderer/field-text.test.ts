import { describe, expect, test } from 'vitest';
import { createFieldText } from '../../../src/renderer/screens/note/field-text.ts';

function begin(first: string) {
  const notes: Record<string, string> = { a: '', b: '', c: '' };
  const field = { value: '' };
  const text = createFieldText(first, (key, value) => {
    notes[key] = value;
  });
  const show = (key: string) => text.show(field, key, notes[key] ?? '');
  /** The input method writes into the field, as the browser does, and tells. */
  const write = (value: string) => {
    field.value = value;
    text.typed(field);
  };
  return { notes, field, text, show, write };
}

describe('a syllable that is composed over a change of call', () => {
  test('ends in the note in which it was begun; only then the other note is shown', () => {
    const { notes, field, text, show, write } = begin('a');
    notes.b = '다른 통화의 메모';
    show('a');
    write('환불 ');
    text.begin();
    write('환불 문');
    show('b');
    expect(field.value).toBe('환불 문');
    write('환불 무');
    field.value = '환불 문의';
    expect(text.end(field)).toBe('a');
    expect(notes).toEqual({ a: '환불 문의', b: '다른 통화의 메모', c: '' });
    expect(field.value).toBe('다른 통화의 메모');
    expect(text.key()).toBe('b');
    write('다른 통화의 메모 끝');
    expect(notes).toMatchObject({ a: '환불 문의', b: '다른 통화의 메모 끝' });
  });

  test('of several changes the last one is shown, and a return to the first changes nothing', () => {
    const { notes, field, text, show, write } = begin('a');
    notes.c = '셋째';
    text.begin();
    write('ㄱ');
    show('b');
    show('c');
    text.end(field);
    expect([field.value, text.key()]).toEqual(['셋째', 'c']);
    show('a');
    text.begin();
    write('가나');
    show('b');
    show('a');
    text.end(field);
    expect([field.value, text.key(), notes.a, notes.b]).toEqual(['가나', 'a', '가나', '']);
  });

  test('text that changed outside never goes into the field while a syllable is open', () => {
    const { notes, field, text, show, write } = begin('a');
    text.begin();
    write('하');
    text.show(field, 'a', '');
    expect(field.value).toBe('하');
    field.value = '한';
    text.end(field);
    expect(notes.a).toBe('한');
    notes.a = '';
    show('a');
    expect(field.value).toBe('');
  });
});
