import { describe, expect, it } from 'vitest';
import { makeDialKey } from '../../../src/main/electron/dial-key.ts';
import { numberInText } from '../../../src/main/electron/links.ts';

describe('the number in a text that was selected somewhere', () => {
  it.each([
    ['010-0000-1234', '010-0000-1234'],
    ['  +82 10 0000 1234\n', '+82 10 0000 1234'],
    ['연락처: (02) 0000-1234 (내선 12)', '(02) 0000-1234'],
    ['tel:+821000001234', '+821000001234'],
    ['callto:1234', '1234'],
    ['주문 3건, 전화 010.0000.1234 로 부탁드립니다', '010.0000.1234'],
    ['０１０－００００－１２３４', '010-0000-1234'],
    ['*72', '*72'],
    ['1588-1234', '1588-1234'],
    ['119', '119'],
  ])('%j: %s', (text, number) => {
    expect(numberInText(text)).toBe(number);
  });

  it.each(['', '안녕하세요', '***', '<b></b>', '1', 'a'.repeat(100_000)])('%j: none', (text) => {
    expect(numberInText(text)).toBeNull();
  });

  it('a whole document costs nothing, and what is too long to be a number is none', () => {
    expect(numberInText('1 '.repeat(500_000))).toBeNull();
    expect(numberInText('1'.repeat(65))).toBeNull();
  });
});

describe('the dial key', () => {
  function desk(taken: string[] = []) {
    const keys = new Map<string, () => void>();
    const texts = { selection: '', clipboard: '' };
    const picked: string[] = [];
    let told = () => {};
    const press = (key: string) =>
      new Promise<void>((resolve) => {
        told = resolve;
        keys.get(key)?.();
      });
    const dialKey = makeDialKey({
      shortcuts: {
        register: (key, press) => {
          if (taken.includes(key)) return false;
          keys.set(key, press);
          return true;
        },
        unregister: (key) => {
          keys.delete(key);
        },
      },
      texts: () => [Promise.resolve(texts.selection), Promise.resolve(texts.clipboard)],
      picked: (number) => {
        picked.push(number);
        told();
      },
    });
    return { dialKey, keys, texts, picked, press };
  }

  it('is held only while it is wished for, one at a time', () => {
    const { dialKey, keys } = desk();
    expect([...keys.keys()]).toEqual([]);
    expect(dialKey.hold('Control+Alt+D')).toBe(true);
    expect(dialKey.hold('Control+Shift+F9')).toBe(true);
    expect([...keys.keys()]).toEqual(['Control+Shift+F9']);
    expect(dialKey.hold(null)).toBe(true);
    expect([...keys.keys()]).toEqual([]);
  });

  it('another program has it: said, and none is held', () => {
    const { dialKey, keys } = desk(['Control+Alt+D']);
    expect(dialKey.hold('Control+Alt+D')).toBe(false);
    expect([...keys.keys()]).toEqual([]);
  });

  it('takes what is selected, else what was copied; without any number the dial box opens empty', async () => {
    const { dialKey, texts, picked, press } = desk();
    dialKey.hold('Control+Alt+D');
    await press('Control+Alt+D');
    texts.clipboard = '010-0000-5678';
    await press('Control+Alt+D');
    texts.selection = '010-0000-1234';
    await press('Control+Alt+D');
    texts.selection = 'no number';
    await press('Control+Alt+D');
    expect(picked).toEqual(['', '010-0000-5678', '010-0000-1234', '010-0000-5678']);
  });
});
