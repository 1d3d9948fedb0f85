import { expect, test } from 'vitest';
import { Role } from '../../../src/shared/agent.ts';
import { arranged, FACT_BLOCKS, foldedOrNot, moved } from '../../../src/shared/arrangement.ts';

test.each(Role.options)('%s sees every block once', (role) => {
  const { order, folded } = arranged(undefined, role);
  expect(order.toSorted()).toEqual([...FACT_BLOCKS].sort());
  expect(folded).toEqual([]);
});

test('what somebody arranged comes first, what is new since last, and what nobody knows is left out', () => {
  const own = { order: ['people', 'from-a-later-version', 'people', 'cases'], folded: ['money', 'gone'] };
  expect(arranged(own, 'agent')).toEqual({
    order: ['people', 'cases', 'who', 'owns', 'orders', 'money', 'own'],
    folded: ['money'],
  });
});

test('a block moves by one place and stays at the ends; folding it twice is as before', () => {
  const start = arranged(undefined, 'agent');
  expect(moved(start, 'cases', -1).order.slice(0, 2)).toEqual(['cases', 'who']);
  expect(moved(start, 'who', -1)).toEqual(start);
  expect(moved(start, 'people', 1)).toEqual(start);
  expect(moved(moved(start, 'owns', 1), 'owns', -1)).toEqual(start);
  expect(foldedOrNot(foldedOrNot(start, 'who'), 'who')).toEqual(start);
});
