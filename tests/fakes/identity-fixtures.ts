import type { MergedHere, MergePreview, PerhapsSame } from '../../src/shared/contract-identity.ts';
import type { CustomerCandidate } from '../../src/shared/customer-360.ts';
import { candidates, fixedId, goldView } from './desk-fixtures.ts';

/** The customer of the gallery's calls, and somebody who may be the same person. */
function two(now: number): { kept: CustomerCandidate; gone: CustomerCandidate } {
  const { customer } = goldView(now);
  const [first] = candidates(now) as [CustomerCandidate, CustomerCandidate];
  const kept = { ...first, id: customer.id, name: customer.name, customerNumber: customer.customerNumber };
  return {
    kept,
    gone: { ...first, id: fixedId(77), customerNumber: 'C-118820', tier: 'basic', phone: '010-****-1001' },
  };
}

export function perhapsSame(now: number): { same: PerhapsSame[]; merged: MergedHere[] } {
  return { same: [{ ...two(now).gone, by: ['phone', 'birthday_name'] }], merged: [] };
}

export function mergedOf(now: number): { same: PerhapsSame[]; merged: MergedHere[] } {
  const one = { mergeId: fixedId(78), customer: two(now).gone, at: new Date(now - 90_000).toISOString() };
  const older = { ...one, mergeId: fixedId(79), at: new Date(now - 40 * 86_400_000).toISOString() };
  return {
    same: [],
    merged: [
      { ...one, byName: '이서연', mark: 'here', mayUndo: true },
      { ...older, byName: '김하늘', mark: 'centre', mayUndo: false },
    ],
  };
}

export function mergePreview(now: number): MergePreview {
  return {
    ...two(now),
    choices: [
      { field: 'name', kept: '김*수', gone: '김*수', hidden: true, take: 'kept' },
      { field: 'birthday', kept: null, gone: '2000-03-14', hidden: false, take: 'gone' },
      { field: 'language', kept: 'ko', gone: 'en', hidden: false, take: 'kept' },
    ],
    moves: {
      contacts: 12,
      notes: 9,
      cases: 1,
      promises: 1,
      holdings: 2,
      points: ['010-****-1001', 'm***@example.com'],
    },
    refused: [{ channel: 'phone', purpose: 'marketing' }],
    customFields: [],
  };
}
