import { describe, expect, test } from 'vitest';
import { actOf, chordLabel, digitOf, KEY_TABLE, type KeyPress } from '../../../src/renderer/keys/key-table.ts';

const press = (part: Partial<KeyPress> & { code: string }): KeyPress => ({
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  repeat: false,
  ...part,
});

/** Keys that browsers or systems keep for themselves. */
const KEPT = [
  ...['F1', 'F3', 'F5', 'F6', 'F7', 'F11', 'F12'].map((code) => ({ code })),
  ...['KeyT', 'KeyW', 'KeyN', 'KeyR', 'KeyP', 'KeyL', 'KeyD'].map((code) => ({ code, ctrl: true })),
  ...['KeyD', 'KeyE', 'KeyF', 'F4', 'Tab', 'ArrowLeft', 'ArrowRight', 'Home'].map((code) => ({ code, alt: true })),
];

describe('the keys', () => {
  test('no two acts share a chord, and every act has one', () => {
    const labels = KEY_TABLE.map((row) => chordLabel(row.chord));
    expect(new Set(labels).size).toBe(labels.length);
    const acts = KEY_TABLE.map((row) => row.act);
    expect(new Set(acts).size).toBe(acts.length);
  });

  test('every key but digits and Esc is a chord, and none that a browser keeps', () => {
    for (const { chord } of KEY_TABLE) {
      expect(chord.ctrl || chord.alt).toBe(true);
      expect(chord.code).not.toMatch(/^(Digit|Numpad)\d$/);
      expect(KEPT.map((kept) => chordLabel({ ...kept } as typeof chord))).not.toContain(chordLabel(chord));
    }
  });

  test('a chord is matched by where the key is, whatever it writes', () => {
    expect(actOf(press({ code: 'KeyA', altKey: true }))).toBe('answer');
    expect(actOf(press({ code: 'NumpadEnter', ctrlKey: true }))).toBe('save');
    expect(actOf(press({ code: 'KeyA' }))).toBeNull();
    expect(actOf(press({ code: 'KeyA', altKey: true, shiftKey: true }))).toBeNull();
  });

  test('never during a composition, and never by holding a key down', () => {
    expect(actOf(press({ code: 'KeyA', altKey: true, isComposing: true }))).toBeNull();
    expect(actOf(press({ code: 'Enter', ctrlKey: true, keyCode: 229 }))).toBeNull();
    expect(actOf(press({ code: 'KeyA', altKey: true, repeat: true }))).toBeNull();
    expect(digitOf(press({ code: 'Digit1', isComposing: true }))).toBeNull();
  });

  test('digits come from the row and from the number pad', () => {
    expect(digitOf(press({ code: 'Digit3' }))).toBe('3');
    expect(digitOf(press({ code: 'Numpad9' }))).toBe('9');
    expect(digitOf(press({ code: 'Digit0' }))).toBeNull();
    expect(digitOf(press({ code: 'Digit3', ctrlKey: true }))).toBeNull();
  });
});
