import { expect, test } from 'vitest';
import { outageSince } from '../../../src/renderer/screens/desk/outage-banner.tsx';
import type { SyncStatus } from '../../../src/shared/host-types.ts';

const NOW = Date.parse('2026-11-23T05:00:00Z');
const away = (seconds: number, more: Partial<SyncStatus> = {}): SyncStatus => ({
  phase: 'offline',
  progress: null,
  pending: 3,
  attention: 0,
  lastContactAt: new Date(NOW - seconds * 1000).toISOString(),
  problem: { code: 'CENTRE_UNREACHABLE', next: 'check-network', detail: '' },
  nextTryAt: null,
  practiceStore: false,
  ...more,
});

test('an outage begins with the last contact; a short one, and a full disk, are none', () => {
  expect(outageSince(away(95 * 60), NOW)).toBe('2026-11-23T03:25:00.000Z');
  expect(outageSince(away(12), NOW)).toBeNull();
  expect(outageSince(away(600, { lastContactAt: null }), NOW)).toBeNull();
  expect(
    outageSince(away(600, { problem: { code: 'DISK_FULL', next: 'free-disk-space', detail: '' } }), NOW),
  ).toBeNull();
  expect(outageSince(away(600, { phase: 'working', problem: null }), NOW)).toBeNull();
});
