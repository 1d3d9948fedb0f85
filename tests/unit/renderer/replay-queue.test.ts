import { describe, expect, test } from 'vitest';
import { createReplayQueue } from '../../../src/renderer/replay-queue.ts';
import { DangolError } from '../../../src/shared/errors.ts';

const gone = () => Promise.reject(new DangolError('HOST_GONE', 'wait'));

/** A host that is away until back() is called. */
function awayHost() {
  let away = true;
  const { promise, resolve } = Promise.withResolvers<void>();
  const done: string[] = [];
  const act = (name: string) => async () => {
    if (away) return gone();
    done.push(name);
    return name;
  };
  const back = () => {
    away = false;
    resolve();
  };
  return { queue: createReplayQueue(() => promise), act, back, done };
}

describe('acts that must reach the host', () => {
  test('an act made while the host is away is done when it is back', async () => {
    const { queue, act, back, done } = awayHost();
    const saved = queue.send('note', 'save', act('save'));
    back();
    expect(await saved).toBe('save');
    expect(done).toEqual(['save']);
    expect(queue.size()).toBe(0);
  });

  test('one lane keeps its order: a draft never overtakes the save that ends it', async () => {
    const { queue, act, back, done } = awayHost();
    const all = [queue.send('note', 'draft', act('draft')), queue.send('note', 'save', act('save'))];
    back();
    await Promise.all(all);
    expect(done).toEqual(['draft', 'save']);
  });

  test('of many drafts that wait, the newest is sent, and every waiter hears of it', async () => {
    const { queue, act, back, done } = awayHost();
    const all = ['한', '한글', '한글로'].map((text) => queue.send('note', 'draft', act(text)));
    await Promise.resolve();
    back();
    expect(await Promise.all(all)).toEqual(['한글로', '한글로', '한글로']);
    expect(done).toEqual(['한글로']);
  });

  test('another failure rejects and blocks nothing behind it', async () => {
    const queue = createReplayQueue(() => Promise.resolve());
    const full = queue.send('note', 'draft', () => Promise.reject(new DangolError('DISK_FULL', 'free-disk-space')));
    const next = queue.send('note', 'save', async () => 'saved');
    await expect(full).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await next).toBe('saved');
  });
});
