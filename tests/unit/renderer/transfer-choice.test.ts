import { describe, expect, test } from 'vitest';
import { moved, NO_MARK, transferChoice } from '../../../src/renderer/screens/call/transfer-choice.ts';

const ALL = ['101', '102', '103'];

describe('whom Enter means in the transfer strip', () => {
  test('nothing typed: nobody, however long the list is', () => {
    expect(transferChoice('', ALL, NO_MARK)).toMatchObject({ to: '', marked: null, sure: false });
    expect(transferChoice('  ', ALL, NO_MARK)).toMatchObject({ to: '', marked: null, sure: false });
  });

  test('a name that fits two: the first is marked, and stays it when the other one becomes free', () => {
    const typed = transferChoice('김', ['101', '102'], NO_MARK);
    expect(typed).toMatchObject({ to: '101', marked: '101', sure: false });
    expect(transferChoice('김', ['102', '101'], typed.mark)).toMatchObject({ to: '101', marked: '101' });
    expect(transferChoice('김서', ['102'], typed.mark)).toMatchObject({ to: '102', sure: true });
  });

  test('chosen with the arrows: that row, also with nothing typed, and at once', () => {
    const none = transferChoice('', ALL, NO_MARK);
    const down = transferChoice('', ALL, moved(none, ALL, 1));
    expect(down).toMatchObject({ to: '101', marked: '101', sure: true });
    const next = transferChoice('', ALL, moved(down, ALL, 1));
    expect(next).toMatchObject({ to: '102' });
    expect(transferChoice('', ['103', '102', '101'], next.mark)).toMatchObject({ to: '102' });
    expect(moved(next, [], 1)).toEqual(next.mark);
  });

  test('a number is what was typed, also where it begins like a colleague’s', () => {
    expect(transferChoice('10', ALL, NO_MARK)).toMatchObject({ to: '10', marked: null, sure: true });
    expect(transferChoice('102', ['102'], NO_MARK)).toMatchObject({ to: '102', marked: '102', sure: true });
  });

  test('whoever was marked has left the list: marked anew, never somebody by chance of the order', () => {
    const { mark } = transferChoice('김', ['101', '102'], NO_MARK);
    expect(transferChoice('김', ['102'], mark)).toMatchObject({ to: '102', sure: true });
    expect(transferChoice('아무도', [], NO_MARK)).toMatchObject({ to: '아무도', sure: true });
  });
});
