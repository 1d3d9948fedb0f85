import { expect, test } from 'vitest';
import { addressOfAnswer } from '../../../src/renderer/lib/message-words.ts';
import type { ContactPoint } from '../../../src/shared/contact-point.ts';
import { newId } from '../../../src/shared/ids.ts';
import { maskEmail } from '../../../src/shared/masking.ts';
import type { WrittenMessage } from '../../../src/shared/message.ts';

const customerId = newId();
const point = (value: string, primary = false): ContactPoint => ({
  ...{ id: newId(), customerId, kind: 'email', value, e164: null, last8: null, label: null, primary },
});
const written = (address: string | null): WrittenMessage => ({ address, text: '문의' });
const form = (address: string | null) => ({ channel: 'web' as const, message: written(address) });

test('the recipient of an answer to a form is the typed address only where the customer has it, or has none', () => {
  const points = [point('second@example.com'), point('first@example.com', true)];
  const masked = points.map((one) => ({ ...one, value: maskEmail(one.value) }));
  expect(addressOfAnswer(form('Second@example.com'), points)).toBe('second@example.com');
  expect(addressOfAnswer(form(maskEmail('second@example.com')), masked)).toBe('se****@example.com');
  expect(addressOfAnswer(form('attacker@example.net'), points)).toBe('first@example.com');
  expect(addressOfAnswer(form('at******@example.net'), masked)).toBe('fi***@example.com');
  expect(addressOfAnswer(form(null), points)).toBe('first@example.com');
  expect(addressOfAnswer(form('new@example.com'), [])).toBe('new@example.com');
  expect(addressOfAnswer({ channel: 'email', message: written('who@example.com') }, points)).toBe('who@example.com');
});
