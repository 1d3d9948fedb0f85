import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createI18n, createWords } from '../../../src/renderer/i18n.ts';
import { nameOf } from '../../../src/renderer/lib/customer-name.ts';
import { chooseParticles } from '../../../src/renderer/lib/particles.ts';

const ko = createWords(createI18n('ko').getFixedT('ko'), 'ko');

describe('particles after a variable', () => {
  test.each([
    ['마이크(을)를', '마이크를'],
    ['헤드셋(을)를', '헤드셋을'],
    ['스피커(으)로', '스피커로'],
    ['헤드셋(으)로', '헤드셋으로'],
    ['1호실(으)로', '1호실로'],
    ['내선 1003(으)로', '내선 1003으로'],
    ['내선 1001(으)로', '내선 1001로'],
    ['내선 1002(은)는', '내선 1002는'],
    ['‘김민수’(이)가', '‘김민수’가'],
    ['홍길동이(가)', '홍길동이'],
    ['Jabra Evolve(을)를', 'Jabra Evolve을(를)'],
    ['Jabra(으)로', 'Jabra(으)로'],
    ['괄호 (내장) 그대로', '괄호 (내장) 그대로'],
  ])('%s', (written, said) => expect(chooseParticles(written)).toBe(said));

  test('no sentence has a bare one: what stands there must not decide whether it is right', () => {
    for (const file of globSync('assets/locales/ko/*.json')) {
      const bare = [
        ...readFileSync(file, 'utf8').matchAll(/\}\}["'’”]?(을|를|이|가|은|는|과|와|으로|로)(?=[\s.,·"])/g),
      ];
      expect([file, bare.map((match) => match.input.slice(match.index - 30, match.index + 20))]).toEqual([file, []]);
    }
  });
});

describe('how customers are named', () => {
  test('people are 님, companies are not', () => {
    expect(nameOf(ko.t, { kind: 'person', name: '김*수' })).toBe('김*수 님');
    expect(nameOf(ko.t, { kind: 'company', name: '주식회사 한빛물산' })).toBe('주식회사 한빛물산');
  });
  test('no screen says 님 by itself', () => {
    const screens = globSync('src/renderer/**/*.tsx').filter((file) =>
      readFileSync(file, 'utf8').includes("t('customer:name'"),
    );
    expect(screens).toEqual([]);
  });
});

test('what is said holds wherever it is said', () => {
  // On the sign-in screen nobody can go on talking.
  expect(ko.t('errors:CENTRE_UNREACHABLE.safe')).not.toContain('상담');
  expect(ko.t('call:refusal.consent_expired', { ageDays: 400, maxAgeDays: 365, at: '' })).toContain('365');
  expect(ko.t('customer:due', { when: '3일 후' })).not.toContain('후까지');
});
