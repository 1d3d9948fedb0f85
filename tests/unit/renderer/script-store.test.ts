import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callKey } from '../../../src/renderer/work-keys.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Script, ScriptContent } from '../../../src/shared/script.ts';
import type { RunEvent } from '../../../src/shared/script-run.ts';
import { choose, end, say, script } from '../../fixtures/scripts.ts';
import { readyWorld, type World } from './world.ts';

const at = '2026-11-23T05:00:00.000Z';
const next: RunEvent = { type: 'next', at, said: '' };
const yes = (stepId: string): RunEvent => ({ type: 'answer', stepId, value: 'yes', at });
const content = script([
  say('hello', 'time'),
  choose('time', 'more', 'yes', ['no', 'bye']),
  say('more', 'bye'),
  end('bye', 'completed', 'resolved'),
]);
const published = (of: ScriptContent, hash: string, id = newId()): Script => ({
  ...{ id, number: 1, hash: hash.repeat(64), publishedAt: at, publishedBy: '정해린', content: of },
});

let world: World;
let first: Script;
beforeEach(async () => {
  world = await readyWorld();
  first = published(content, 'a');
  world.host.state.scripts.scripts = [first];
});
afterEach(() => world.close());

const slot = (key: string) => world.desk.scripts.store.getState().slots[key];
const kept = () => world.host.state.scripts.running;
async function talk(): Promise<string> {
  const callId = world.line.ring();
  await world.until(() => world.desk.calls.store.getState().calls.some((call) => call.callId === callId));
  world.line.talk(callId, Date.now());
  return callId;
}
async function begin(callId: string): Promise<string> {
  const key = callKey(callId);
  const of = { callId, customerId: null, queue: null, direction: 'in' as const };
  expect(await world.desk.scripts.begin(key, { ...of, scriptId: first.id }, 'ko')).toBeNull();
  return key;
}
const act = (key: string, ...events: RunEvent[]) => {
  for (const event of events) world.desk.scripts.act(key, event);
};

describe('a script in the page', () => {
  test('two calls have two runs, each at its own step', async () => {
    const [one, other] = [await begin(await talk()), await begin(await talk())];
    act(one, next, yes('time'));
    expect([slot(one)?.run.state.stepId, slot(other)?.run.state.stepId]).toEqual(['time', 'hello']);
    await world.until(() => kept().some((run) => run.revision === 2));
    expect(kept().map(({ state }) => state.stepId)).toEqual(['time', 'hello']);
  });

  test('a host that is gone loses no step: all of them are there when it is back', async () => {
    const key = await begin(await talk());
    world.host.kill();
    act(key, next, yes('time'), next);
    expect(slot(key)?.run.state.stepId).toBe('more');
    world.host.restart();
    await world.until(() => kept()[0]?.revision === 3);
    expect(kept()[0]?.state).toEqual(slot(key)?.run.state);
  });

  test('a refusal says why, and is gone with the next key', async () => {
    const key = await begin(await talk());
    act(key, next, next);
    expect(slot(key)?.problem).toBe('NEEDS_ANSWER');
    act(key, yes('time'));
    expect(slot(key)?.problem).toBeNull();
    expect(slot(key)?.run.revision).toBe(2);
  });

  test('its end proposes the result of the call; one that the agent chose stays', async () => {
    const [one, other] = [await talk(), await talk()];
    const keys = [await begin(one), await begin(other)];
    world.desk.calls.setDisposition(other, 'complaint');
    for (const key of keys) act(key, next, yes('time'), next, next, { type: 'finish', at, said: '' });
    await world.until(() => keys.every((key) => world.desk.scripts.store.getState().over[key] !== undefined));
    const chosen = (callId: string) =>
      world.desk.calls.store.getState().calls.find((call) => call.callId === callId)?.dispositionCode;
    expect([chosen(one), chosen(other)]).toEqual(['resolved', 'complaint']);
    expect(world.desk.scripts.store.getState().slots).toEqual({});
  });

  test('a call that leaves the desk leaves its run given up, with what was answered', async () => {
    const callId = await talk();
    act(await begin(callId), next, yes('time'));
    world.line.end(callId);
    world.desk.calls.finish(callId);
    await world.until(() => world.host.state.scripts.over.length === 1);
    const [over] = world.host.state.scripts.over;
    expect(over?.status).toBe('given_up');
    expect(over?.lines.map(({ stepId, answer }) => [stepId, answer])).toEqual([
      ['hello', null],
      ['time', 'yes'],
    ]);
  });

  test('a version that is published meanwhile is gone on with at the next step, where all that was said stands in it', async () => {
    const key = await begin(await talk());
    const more = { ...content, steps: [...content.steps, say('never', 'bye')] };
    world.host.state.scripts.scripts = [published(more, 'b', first.id)];
    act(key, next);
    await world.until(() => slot(key)?.adopted === true);
    expect(slot(key)?.run).toMatchObject({ state: { stepId: 'time' }, version: { content: more } });
  });

  test('one in which this step reads otherwise is not: the agent keeps the place and the words', async () => {
    const key = await begin(await talk());
    const other = {
      ...content,
      steps: content.steps.map((step) => (step.id === 'hello' ? say('hello', 'time', '새 인사') : step)),
    };
    world.host.state.scripts.scripts = [published(other, 'b', first.id)];
    act(key, next, yes('time'));
    await world.until(() => kept()[0]?.revision === 2);
    expect(slot(key)?.run).toMatchObject({ state: { stepId: 'time' }, version: { hash: first.hash } });
    expect(slot(key)?.adopted).toBe(false);
  });
});
