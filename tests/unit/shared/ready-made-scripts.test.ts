import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CUSTOM_FIELDS } from '../../../src/sandbox/customers/products.ts';
import { DISPOSITIONS } from '../../../src/sandbox/setup/catalogue.ts';
import { CustomField } from '../../../src/shared/customer.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Facts, FactValue } from '../../../src/shared/rules/facts.ts';
import { rulesOf } from '../../../src/shared/rules/rule.ts';
import { ScriptContent, ScriptKind, type ShownStep } from '../../../src/shared/script.ts';
import { checkScript } from '../../../src/shared/script-check.ts';
import { type AnswerValue, beginRun, nextRun, type RunState, shownStep } from '../../../src/shared/script-run.ts';

const scripts = globSync('assets/scripts/*.json').map((file) =>
  ScriptContent.parse(JSON.parse(readFileSync(file, 'utf8'))),
);
const around = {
  customFields: CUSTOM_FIELDS.map((field) => CustomField.parse({ ...field, id: newId() })),
  dispositionCodes: new Set(DISPOSITIONS.map(({ code }) => code)),
};
const at = '2026-11-23T01:00:00.000Z';

/** Answers that lead somewhere else: every option, and both sides of every figure that a rule names. */
function answersOf(step: ShownStep, content: ScriptContent): (AnswerValue | null)[] {
  if (step.kind === 'statement') return [true];
  if (step.kind === 'offer') return ['accepted', 'declined', 'later'];
  if (step.kind !== 'ask') return [null];
  const { question } = step;
  const passed = step.optional ? [null] : [];
  switch (question.type) {
    case 'choice':
      return [...question.options.map(({ code }) => code), ...passed];
    case 'several':
      return [...question.options.map(({ code }) => [code]), ...passed];
    case 'scale':
    case 'number': {
      const named = content.steps
        .flatMap((one) => (one.kind === 'branch' ? one.ways.flatMap(({ when }) => rulesOf(when)) : []))
        .flatMap(({ field, value }) =>
          field === `answer.${step.id}` && typeof value === 'number' ? [value, value + 1, value - 1] : [],
        );
      const [from, to] =
        question.type === 'scale' ? [question.from, question.to] : [question.min ?? 0, question.max ?? 9];
      return [...new Set([from, to, ...named])].filter((figure) => figure >= from && figure <= to);
    }
    case 'date':
      return ['2026-12-01', ...passed];
    case 'text':
      return ['고객님 말씀', ...passed];
  }
}

/** Both sides of every fact that a rule of the script asks for. */
function factsOf(content: ScriptContent): Facts[] {
  const rules = content.steps.flatMap((one) =>
    one.kind === 'branch' ? one.ways.flatMap(({ when }) => rulesOf(when)) : [],
  );
  return rules
    .filter(({ field }) => !field.startsWith('answer.'))
    .reduce<Facts[]>(
      (known, { field, value }) => {
        const sides: (FactValue | undefined)[] = [
          Array.isArray(value) ? (value[0] as string) : (value as FactValue),
          null,
          undefined,
        ];
        return known.flatMap((facts) => sides.map((side) => ({ ...facts, [field]: side })));
      },
      [{}],
    );
}

/** Walks every way through a script. @returns the steps that were seen, and how every way ended. */
function walk(content: ScriptContent): { seen: Set<string>; ends: Set<string>; stuck: string[] } {
  const [seen, ends, stuck] = [new Set<string>(), new Set<string>(), [] as string[]];
  const known = new Set<string>();
  for (const facts of factsOf(content)) {
    const running = { script: content, facts };
    const waiting: RunState[] = [beginRun(running)];
    for (let state = waiting.pop(); state; state = waiting.pop()) {
      const step = shownStep(content, state);
      // What decides about the rest of the way: where it is, and the answers that rules or statements look at.
      const mark = JSON.stringify([
        facts,
        state.stepId,
        Object.entries(state.answers).filter(([id]) => looksAt(content, id)),
      ]);
      if (!step || known.has(mark)) continue;
      known.add(mark);
      seen.add(step.id);
      if (step.kind === 'end') {
        const { problem } = nextRun(running, state, { type: 'finish', at, said: '' });
        if (problem) stuck.push(`${step.id} ${problem}`);
        else ends.add(step.id);
        continue;
      }
      for (const value of answersOf(step, content)) {
        const answered = nextRun(running, state, { type: 'answer', stepId: step.id, value, at });
        const gone = nextRun(running, answered.state, { type: 'next', at, said: '' });
        const problem = answered.problem ?? gone.problem;
        if (problem && value !== null) stuck.push(`${step.id} ${JSON.stringify(value)} ${problem}`);
        if (!problem || (step.kind === 'say' && !gone.problem)) waiting.push(gone.state);
      }
    }
  }
  return { seen, ends, stuck };
}

const looksAt = (content: ScriptContent, id: string) =>
  content.steps.some(
    (one) =>
      (one.id === id && one.kind === 'statement') ||
      (one.kind === 'branch' &&
        one.ways.some(({ when }) => rulesOf(when).some(({ field }) => field === `answer.${id}`))),
  );

describe('the ready-made scripts', () => {
  it('are there for every kind of call', () => {
    expect(scripts.map(({ kind }) => kind).sort()).toEqual(
      ScriptKind.options.filter((kind) => kind !== 'other').sort(),
    );
  });

  it.each(scripts.map((content) => [content.code, content] as const))('%s has no fault', (_, content) => {
    expect(checkScript(content, around)).toEqual([]);
  });

  it.each(scripts.map((content) => [content.code, content] as const))(
    '%s: every branch is walked, and every way ends',
    (_, content) => {
      const { seen, ends, stuck } = walk(content);
      expect(stuck).toEqual([]);
      const shown = content.steps.filter(({ kind }) => kind !== 'branch').map(({ id }) => id);
      expect([...seen].sort()).toEqual(shown.sort());
      expect([...ends].sort()).toEqual(
        content.steps
          .filter(({ kind }) => kind === 'end')
          .map(({ id }) => id)
          .sort(),
      );
    },
  );

  it('speak both languages everywhere, and outbound ones say who calls and that it is recorded', () => {
    for (const { steps, requires, kind } of scripts) {
      for (const step of steps) {
        if (step.kind === 'branch') continue;
        expect([step.id, step.text.ko.trim() !== '', step.text.en.trim() !== '']).toEqual([step.id, true, true]);
      }
      if (kind === 'abuse') continue;
      expect(requires).toContain('recording');
      const [first] = steps;
      expect(first && 'text' in first ? first.text.ko : '').toMatch(/안녕하십니까.*상담사 \{\{agent\}\}/);
    }
  });
});
