import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/shared/rules/facts.ts';
import type { ScriptContent } from '../../../src/shared/script.ts';
import {
  beginRun,
  mayAdopt,
  nextRun,
  progressOf,
  RUN_MAX_STEPS,
  type RunEvent,
  RunState,
  shownStep,
} from '../../../src/shared/script-run.ts';
import { askFor, branch, choose, end, say, script, tick } from '../../fixtures/scripts.ts';

const at = '2026-11-23T01:00:00.000Z';
const next: RunEvent = { type: 'next', at, said: 'as said' };
const answer = (stepId: string, value: Extract<RunEvent, { type: 'answer' }>['value']): RunEvent => ({
  ...{ type: 'answer', stepId, value },
  at,
});

/** Does all of it; what was refused says why. */
function run(content: ScriptContent, events: RunEvent[], facts: Facts = {}, from?: RunState) {
  const running = { script: content, facts };
  const problems: string[] = [];
  const state = events.reduce((before, event) => {
    const moved = nextRun(running, before, event);
    if (moved.problem) problems.push(moved.problem);
    return moved.state;
  }, from ?? beginRun(running));
  return { state, problems };
}

const happy = script(
  [
    say('hello', 'time'),
    choose('time', 'notice', 'yes', ['no', 'bye']),
    tick('notice', 'score', ['recording']),
    askFor('score', 'low', { type: 'scale', of: 'nps', from: 0, to: 10 }),
    branch('low', 'done', {
      ...{ to: 'why' },
      when: { combinator: 'and', rules: [{ field: 'answer.score', operator: '<=', value: 6 }] },
    }),
    askFor('why', 'done', { type: 'text' }, { optional: true }),
    end('done'),
    end('bye', 'cut_short'),
  ],
  { requires: ['recording'] },
);

describe('a run', () => {
  it('goes from step to step, passes branches by what was answered, and ends', () => {
    const events = [next, answer('time', 'yes'), next, answer('notice', true), next, answer('score', 3), next];
    const { state } = run(happy, events);
    expect(state.stepId).toBe('why');
    const over = run(happy, [answer('why', '늦게 왔어요'), next, { type: 'finish', at, said: 'bye' }], {}, state);
    expect(over.problems).toEqual([]);
    expect(over.state.status).toBe('finished');
    expect(over.state.path.map(({ stepId }) => stepId)).toEqual(['hello', 'time', 'notice', 'score', 'why', 'done']);
    expect(run(happy, [next], {}, over.state).problems).toEqual(['OVER']);
  });

  it('goes back without losing answers; those of the way that was left are kept and do not count', () => {
    const there = [
      next,
      answer('time', 'yes'),
      next,
      answer('notice', true),
      next,
      answer('score', 3),
      next,
      answer('why', 'x'),
    ];
    const back = run(happy, [...there, { type: 'back' }, answer('score', 9), next]).state;
    expect(back.stepId).toBe('done');
    expect(back.answers.why?.value).toBe('x');
    expect(back.path.map(({ stepId }) => stepId)).not.toContain('why');
    // Back on the old way, the old answer is there again.
    const again = run(happy, [{ type: 'back' }, answer('score', 2), next], {}, back).state;
    expect([again.stepId, again.answers.why?.value]).toEqual(['why', 'x']);
    expect(run(happy, [{ type: 'back' }]).problems).toEqual(['NO_STEP']);
  });

  it('needs what it asks: answers that fit, and the tick of what must be said', () => {
    expect(run(happy, [next, next]).problems).toEqual(['NEEDS_ANSWER']);
    expect(run(happy, [next, answer('time', 'maybe')]).problems).toEqual(['WRONG_ANSWER']);
    expect(run(happy, [next, answer('time', 'yes'), next, next]).problems).toEqual(['NEEDS_TICK']);
    expect(run(happy, [answer('score', 1)]).problems).toEqual(['NO_STEP']);
    expect(run(happy, [{ type: 'finish', at, said: '' }]).problems).toEqual(['NOT_AT_END']);
    // An answer that is taken back is none.
    expect(run(happy, [next, answer('time', 'yes'), answer('time', null), next]).problems).toEqual(['NEEDS_ANSWER']);
  });

  it('jumps ahead and back; who jumps over what must be said cannot complete the call', () => {
    const jump = (stepId: string): RunEvent => ({ type: 'jump', stepId, at, said: 'left here' });
    const ahead = run(happy, [next, jump('done'), { type: 'finish', at, said: '' }]);
    expect(ahead.problems).toEqual(['MISSING_STATEMENT']);
    expect(ahead.state.status).toBe('running');
    const back = run(
      happy,
      [jump('notice'), answer('notice', true), next, jump('done'), { type: 'finish', at, said: '' }],
      {},
      ahead.state,
    );
    expect([back.problems, back.state.status]).toEqual([[], 'finished']);
    expect(run(happy, [next, jump('hello')]).state.path).toEqual([]);
    expect(run(happy, [jump('low'), jump('nowhere')]).problems).toEqual(['NO_STEP', 'NO_STEP']);
    expect(run(happy, [jump('bye'), { type: 'finish', at, said: '' }]).state.status).toBe('finished');
  });

  it('branches by facts; what is not known takes the other way', () => {
    const when = {
      combinator: 'and' as const,
      rules: [{ field: 'customer.tier', operator: '=' as const, value: 'vip' }],
    };
    const byTier = script([branch('b', 'plain', { when, to: 'special' }), end('plain'), end('special')]);
    const first = (facts: Facts) => beginRun({ script: byTier, facts }).stepId;
    expect([first({ 'customer.tier': 'vip' }), first({ 'customer.tier': 'gold' }), first({})]).toEqual([
      'special',
      'plain',
      'plain',
    ]);
  });

  it('a question that was passed over is known to be empty', () => {
    const when = { combinator: 'and' as const, rules: [{ field: 'answer.q', operator: 'null' as const, value: null }] };
    const passing = script([
      askFor('q', 'b', { type: 'number' }, { optional: true }),
      branch('b', 'said', { when, to: 'silent' }),
      end('said'),
      end('silent'),
    ]);
    expect(run(passing, [next]).state.stepId).toBe('silent');
    expect(run(passing, [answer('q', 1), next]).state.stepId).toBe('said');
  });

  it('a loop that got through all the same stops instead of hanging: branches that go round, and steps', () => {
    const when = { combinator: 'and' as const, rules: [] };
    const round = script([say('a', 'b'), branch('b', 'c', { when, to: 'c' }), branch('c', 'b', { when, to: 'b' })]);
    expect(run(round, [next])).toMatchObject({ problems: ['STUCK'], state: { stepId: 'a', path: [] } });
    const steps = script([say('a', 'b'), say('b', 'a')]);
    const events = Array.from({ length: RUN_MAX_STEPS + 5 }, () => next);
    const { state, problems } = run(steps, events);
    expect([state.path.length, problems.length]).toEqual([RUN_MAX_STEPS, 5]);
  });

  it('says how far it is', () => {
    expect(progressOf(happy, run(happy, []).state)).toEqual({ done: 0, ahead: 2 });
    expect(progressOf(happy, run(happy, [next, answer('time', 'yes'), next]).state)).toEqual({ done: 2, ahead: 2 });
  });
});

describe('a new version in the middle of a run', () => {
  const { state } = run(happy, [next, answer('time', 'yes'), next]);
  const other = (change: (content: ScriptContent) => void) => {
    const copy = structuredClone(happy);
    change(copy);
    return copy;
  };

  it('is gone on with where all that was said, and the step where the agent is, stand as they were', () => {
    const later = other((copy) => copy.steps.push(say('more', 'done')));
    expect(mayAdopt(happy, later, state)).toBe(true);
    expect(run(later, [answer('notice', true), next], {}, state).state.stepId).toBe('score');
  });

  it('is not, where a step that was said, or this one, changed or is gone', () => {
    const reworded = (id: string) =>
      other((copy) => {
        const step = copy.steps.find((one) => one.id === id);
        if (step && 'text' in step) step.text = { ko: '달라짐', en: 'changed' };
      });
    expect(mayAdopt(happy, reworded('hello'), state)).toBe(false);
    expect(mayAdopt(happy, reworded('notice'), state)).toBe(false);
    expect(
      mayAdopt(
        happy,
        other((copy) => copy.steps.splice(2, 1)),
        state,
      ),
    ).toBe(false);
    expect(
      mayAdopt(
        happy,
        other((copy) => {
          copy.code = 'another';
        }),
        state,
      ),
    ).toBe(false);
  });
});

it('whatever an agent does, the state is one that can be kept, nothing answered is lost, and back undoes next', () => {
  const ids = happy.steps.map(({ id }) => id);
  const event: fc.Arbitrary<RunEvent> = fc.oneof(
    fc.constant(next),
    fc.constant<RunEvent>({ type: 'back' }),
    fc.constantFrom(...ids).map((stepId): RunEvent => ({ type: 'jump', stepId, at, said: 'x' })),
    fc
      .tuple(fc.constantFrom(...ids), fc.constantFrom('yes', 'no', true as const, 3, 9, 'words'))
      .map(([id, value]) => answer(id, value)),
    fc.constant<RunEvent>({ type: 'finish', at, said: 'x' }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const running = { script: happy, facts: {} };
      let state = beginRun(running);
      for (const one of events) {
        const { state: after, problem } = nextRun(running, state, one);
        expect(RunState.parse(after)).toEqual(after);
        if (problem) expect(after).toEqual(state);
        expect(Object.keys(after.answers)).toEqual(expect.arrayContaining(Object.keys(state.answers)));
        expect(shownStep(happy, after)).not.toBeNull();
        if (one.type === 'next' && !problem) expect(nextRun(running, after, { type: 'back' }).state).toEqual(state);
        state = after;
      }
    }),
    { seed: 8, numRuns: 1000 },
  );
});
