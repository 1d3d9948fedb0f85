import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maskAddress, maskEmail, maskFileName, maskName, maskPhone } from '../../../src/shared/masking.ts';

it.each([
  ['홍길동', '홍*동'],
  ['김철', '김*'],
  ['남궁민수', '남**수'],
  ['홍 길동', '홍 *동'],
  ['홍길동'.normalize('NFD'), '홍*동'],
  ['Jane Doe', 'J*** D**'],
  ['王小明', '王**'],
  ['X', '*'],
  ['', '*'],
])('masks the name %s as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});

it.each([
  ['+821000001234', '010-****-1234'],
  ['010-0000-1234', '010-****-1234'],
  ['01000001234', '010****1234'],
  ['02-345-6789', '02-***-6789'],
  ['+12125550123', '+1 *** *** 0123'],
  ['+447700900123', '+44 **** **0123'],
  ['1588-1234', '****-1234'],
  ['345-6789', '***-6789'],
  ['1001', '1001'],
])('masks the number %s as %s', (phone, masked) => {
  expect(maskPhone(phone)).toBe(masked);
});

it.each([
  ['hong@example.com', 'ho**@example.com'],
  ['abc@example.com', 'a**@example.com'],
  ['a@example.com', '*@example.com'],
  ['no address', '********'],
])('masks the address %s as %s', (email, masked) => {
  expect(maskEmail(email)).toBe(masked);
});

it('leaves of a postal address the district, and no house number', () => {
  expect(maskAddress('서울특별시 강남구 테헤란로 12')).toBe('서울특별시 강남구 ***');
  expect(maskAddress('12 Main Street, Springfield')).toBe('** Main ***');
  expect(maskAddress('Springfield')).toBe('Springfield ***');
});

it('shows of a whole number never more than the first group and the last four digits', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^010[0-9]{8}$/), (phone) => {
      expect(maskPhone(phone).replace(/\D/g, '')).toBe(phone.slice(0, 3) + phone.slice(-4));
    }),
    { seed: 7 },
  );
});

it.each([
  ['홍길동_계약서.pdf', '홍*동_계약서.pdf'],
  ['계약서 홍길동.pdf'.normalize('NFD'), '계약서 홍*동.pdf'],
  ['홍 길동 신분증.jpg', '홍*동 신분증.jpg'],
  ['계약-010-1234-5678.pdf', '계약-010-****-5678.pdf'],
  ['01012345678.pdf', '010****5678.pdf'],
  ['900101-1234567_등본.pdf', '900101-*******_등본.pdf'],
  ['jane.doe-passport.png', 'J*** D**-passport.png'],
  ['hong@example.com.txt', 'ho**@example.com.txt'],
  ['영수증 2026-11-23 (2).pdf', '영수증 2026-11-23 (2).pdf'],
])('of the file %s a screen shows %s', (name, shown) => {
  expect(maskFileName(name, ['홍길동', 'Jane Doe', 'X'])).toBe(shown);
});
