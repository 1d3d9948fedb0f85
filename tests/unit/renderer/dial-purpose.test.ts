import { expect, test } from 'vitest';
import { usualPurpose } from '../../../src/renderer/screens/call/dial-strip.tsx';

test('the calls of a telemarketer are marketing until they say otherwise: the gate asks for consent and hours', () => {
  expect(usualPurpose('telemarketer')).toBe('marketing');
  for (const role of ['agent', 'supervisor', 'administrator', null] as const)
    expect(usualPurpose(role)).toBe('service');
});
