import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take half a minute and more, the longest first: begun last, each would have one core wait for the other. */
const LONG = [
  'unit/sync/simulation.test.ts',
  'unit/sync/simulation-more.test.ts',
  'integration/scripts/start.test.ts',
  'integration/sync/simulation.test.ts',
  'integration/central/pbx.test.ts',
  'integration/telephony/devices-in-call.test.ts',
  'integration/telephony/call-races.test.ts',
  'integration/telephony/call-audio.test.ts',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

// How long something is waited for that will come; what must come sooner says so where it is asked.
const expectWithin = { poll: { timeout: 10_000 } };

export default defineConfig({
  test: {
    // One project a kind, so that each command of the README runs exactly its own.
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts', 'tests/unit/**/*.test.tsx'],
          setupFiles: ['tests/support/seeded-properties.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          setupFiles: ['tests/support/seeded-properties.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: expectWithin,
        },
      },
      {
        test: {
          name: 'electron',
          include: ['tests/electron/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          expect: expectWithin,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'pbx',
          include: ['tests/pbx/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 300_000,
          expect: expectWithin,
          fileParallelism: false,
        },
      },
    ],
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
  },
});
