import { afterEach, beforeEach, expect, test } from 'vitest';
import { EMPTY_DRAFT } from '../../../src/renderer/screens/authoring/article-draft.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createWorld, readyWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await readyWorld();
});
afterEach(() => world.close());

const agentId = () => {
  const { session } = world.host.state;
  return session.status === 'signed_in' ? session.agent.id : '';
};
const kept = () => world.host.state.knowledge.drafts;

test('what is written reaches the host by itself, also one that died meanwhile, and goes when it is saved', async () => {
  const articleId = newId();
  const key = `${agentId()} ${articleId}`;
  world.host.kill();
  world.desk.articleDrafts.set(key, { ...EMPTY_DRAFT, title: '쓰던' });
  world.desk.articleDrafts.set(key, { ...EMPTY_DRAFT, title: '쓰던 문서' });
  world.host.restart();
  await world.until(() => kept().get(articleId)?.title === '쓰던 문서');
  world.desk.articleDrafts.delete(key);
  await world.until(() => !kept().has(articleId));
});

test('a page that is loaded anew has it; what is written there already is not replaced', async () => {
  const [here, there] = [newId(), newId()];
  kept().set(here, { ...EMPTY_DRAFT, title: '예전 글' });
  kept().set(there, { ...EMPTY_DRAFT, title: '남은 글' });
  const again = createWorld({ host: world.host });
  const titleOf = (id: string) => again.desk.articleDrafts.get(`${agentId()} ${id}`)?.title;
  again.desk.articleDrafts.set(`${agentId()} ${here}`, { ...EMPTY_DRAFT, title: '지금 글' });
  await again.until(() => titleOf(there) === '남은 글');
  expect(titleOf(here)).toBe('지금 글');
  again.close();
});
