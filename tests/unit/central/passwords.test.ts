import { expect, it } from 'vitest';
import { hashPassword, passwordFits } from '../../../src/central/auth/passwords.ts';

it('keeps a password as argon2id with 19 MiB, two passes and one lane, differently each time', async () => {
  const [first, second] = await Promise.all([hashPassword('단골 손님'), hashPassword('단골 손님')]);
  for (const stored of [first, second]) expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  expect(await passwordFits(first, '단골 손님'.normalize('NFD'))).toBe(true);
  expect(await passwordFits(first, '단골손님')).toBe(false);
  expect(await passwordFits('not a hash', '단골 손님')).toBe(false);
});
