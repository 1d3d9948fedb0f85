import { beforeAll, expect, it } from 'vitest';
import { type Id, newId } from '../../../src/shared/ids.ts';
import type { KnowledgeContent, KnowledgeUse } from '../../../src/shared/knowledge.ts';
import {
  KnowledgeDesk,
  KnowledgeSaved,
  KnowledgeVersion,
  KnowledgeVersionList,
} from '../../../src/shared/knowledge-authoring.ts';
import type { SyncTable } from '../../../src/shared/sync-wire.ts';
import { codeOf, type TestCentre, type TestDesk } from './kit.ts';
import { onBothStores } from './stores.ts';

const content = (title: string, more: Partial<KnowledgeContent> = {}): KnowledgeContent => ({
  ...{ title, shortAnswer: '짧은 답', body: '## 본문\n- 하나', topics: ['해지'] },
  ...{ queues: ['support'], productCodes: [], dispositionCodes: [] },
  ...more,
});

onBothStores('knowledge', (store) => {
  let centre: TestCentre;
  let jung: TestDesk;
  let oh: TestDesk;
  let agent: TestDesk;
  beforeAll(async () => {
    centre = await store.start();
    jung = await centre.desk('jung', { role: 'supervisor' });
    oh = await centre.desk('oh', { role: 'administrator' });
    agent = await centre.desk('kim');
  });

  const ask = (desk: TestDesk, method: string, path: string, body?: unknown) =>
    centre.call(method, `/v1/knowledge${path}`, { token: desk.session.accessToken, body });
  const save = async (
    desk: TestDesk,
    articleId: Id,
    basedOn: number | null,
    text: KnowledgeContent,
    versionId = newId(),
  ) =>
    KnowledgeSaved.parse((await ask(desk, 'PUT', '/versions', { articleId, versionId, basedOn, content: text })).json);
  const publish = (desk: TestDesk, id: Id, number: number, seen = number) =>
    ask(desk, 'POST', `/${id}/publish`, { number, seen });
  const rowsOf = async (table: SyncTable, id: Id) => (await agent.snapshot(table)).filter((row) => row.id === id);
  const head = async (id: Id) =>
    KnowledgeDesk.parse((await ask(jung, 'GET', '')).json).articles.find((one) => one.id === id);
  const published = async (title: string): Promise<Id> => {
    const id = newId();
    await save(jung, id, null, content(title));
    expect((await publish(jung, id, 1)).status).toBe(200);
    return id;
  };
  const use = (desk: TestDesk, articleId: Id, kind: KnowledgeUse, occasionId: Id) =>
    desk.do({ kind: 'knowledge.use', articleId, number: 1, use: kind, occasionId });
  const counts = async (id: Id) => (await rowsOf('knowledge_count', id))[0]?.data;

  it('a draft is on no desk; published it is on all of them with its version, its code and who answers for it', async () => {
    const id = newId();
    const saved = await save(jung, id, null, content('해지 위약금'));
    expect(saved).toMatchObject({ number: 1, others: [], head: { published: null, withdrawn: false } });
    expect(saved.head.code).toMatch(/^K-\d+$/);
    expect(await rowsOf('knowledge_article', id)).toEqual([]);
    const { cursor } = await agent.start();
    await publish(jung, id, 1);
    const { rows } = await agent.pullAll(cursor);
    expect(rows.map(({ table, data }) => [table, data])).toEqual([
      [
        'knowledge_article',
        expect.objectContaining({ id, number: 1, title: '해지 위약금', publishedBy: '상담사 jung' }),
      ],
      ['knowledge_count', { id, cited: 0, helped: 0 }],
    ]);
  });

  it('each save is a version; the older ones are read whole and restored by publishing them', async () => {
    const id = await published('첫째 판');
    await save(jung, id, 1, content('둘째 판', { body: '고친 본문' }));
    expect((await rowsOf('knowledge_article', id))[0]?.data).toMatchObject({ title: '첫째 판', number: 1 });
    await publish(oh, id, 2);
    expect((await rowsOf('knowledge_article', id))[0]?.data).toMatchObject({ title: '둘째 판', number: 2 });
    const list = KnowledgeVersionList.parse((await ask(oh, 'GET', `/${id}/versions`)).json);
    expect(list.versions.map(({ number, basedOn, savedBy }) => [number, basedOn, savedBy])).toEqual([
      [2, 1, '상담사 jung'],
      [1, null, '상담사 jung'],
    ]);
    const first = KnowledgeVersion.parse((await ask(oh, 'GET', `/${id}/versions/1`)).json);
    expect(first.content).toEqual(content('첫째 판'));
    await publish(oh, id, 1, 2);
    expect((await rowsOf('knowledge_article', id))[0]?.data).toMatchObject({ title: '첫째 판', number: 1 });
  });

  it("two supervisors edit the same article at the same time: both versions are kept, each hears of the other's, and neither is published over unseen", async () => {
    const id = await published('함께 고치는 문서');
    const saves = await Promise.all([
      save(jung, id, 1, content('정해린의 판', { body: '정해린의 말' })),
      save(oh, id, 1, content('오준서의 판', { body: '오준서의 말' })),
    ]);
    expect(saves.map(({ number }) => number).sort()).toEqual([2, 3]);
    const [early, late] = saves.toSorted((a, b) => a.number - b.number);
    expect(early?.others).toEqual([]);
    expect(late?.others.map(({ number }) => number)).toEqual([2]);
    const refused = await publish(jung, id, 2, 2);
    expect([refused.status, codeOf(refused)]).toEqual([409, 'CHANGED_MEANWHILE']);
    expect((await rowsOf('knowledge_article', id))[0]?.data).toMatchObject({ title: '함께 고치는 문서' });
    const bodies = await Promise.all(
      [2, 3].map(
        async (n) => KnowledgeVersion.parse((await ask(jung, 'GET', `/${id}/versions/${n}`)).json).content.body,
      ),
    );
    expect(bodies.sort()).toEqual(['오준서의 말', '정해린의 말']);
    expect((await publish(jung, id, 2, 3)).status).toBe(200);
  });

  it('ten saves at once of two authors are ten versions', async () => {
    const id = await published('많이 고치는 문서');
    const saves = await Promise.all(
      Array.from({ length: 10 }, (_, n) => save(n % 2 ? jung : oh, id, 1, content(`판 ${n}`))),
    );
    expect(saves.map(({ number }) => number).sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const { versions } = KnowledgeVersionList.parse((await ask(jung, 'GET', `/${id}/versions`)).json);
    expect(new Set(versions.map(({ title }) => title)).size).toBe(11);
  });

  it('the same save again is the same version; an id of another article is refused', async () => {
    const id = newId();
    const versionId = newId();
    const first = await save(jung, id, null, content('한 번'), versionId);
    expect(await save(jung, id, null, content('한 번'), versionId)).toEqual(first);
    const body = { articleId: newId(), versionId, basedOn: null, content: content('남의 것') };
    expect((await ask(jung, 'PUT', '/versions', body)).status).toBe(400);
  });

  it('withdrawn, it leaves every desk, keeps its versions and its counts, and comes back with both', async () => {
    const id = await published('거두는 문서');
    await use(agent, id, 'helped', newId());
    expect((await ask(jung, 'POST', `/${id}/withdraw`, {})).status).toBe(200);
    expect((await rowsOf('knowledge_article', id)).filter(({ deleted }) => !deleted)).toEqual([]);
    expect(await head(id)).toMatchObject({ published: null, withdrawn: true, helped: 1 });
    // Whoever had it on screen pressed a moment too late: it is kept.
    expect(await use(agent, id, 'helped', newId())).toMatchObject({ status: 'applied', rows: [] });
    await publish(jung, id, 1);
    expect(await counts(id)).toEqual({ id, cited: 0, helped: 2 });
    expect((await rowsOf('knowledge_article', id))[0]?.data).toMatchObject({ title: '거두는 문서' });
  });

  it('a press counts once for an agent, a call and an article, also from another desk and by another operation', async () => {
    const id = await published('세는 문서');
    const [call, other] = [newId(), newId()];
    expect(await use(agent, id, 'helped', call)).toMatchObject({
      status: 'applied',
      rows: [{ table: 'knowledge_count', data: { id, cited: 0, helped: 1 } }],
    });
    await use(agent, id, 'helped', call);
    await use(agent, id, 'cited', call);
    await use(agent, id, 'helped', other);
    await use(jung, id, 'helped', call);
    expect(await counts(id)).toEqual({ id, cited: 1, helped: 3 });
    expect(await head(id)).toMatchObject({ cited: 1, helped: 3 });
  });

  it('presses of many desks at once are all counted', async () => {
    const id = await published('붐비는 문서');
    const desks = await Promise.all(Array.from({ length: 6 }, (_, n) => centre.desk(`busy${n}`)));
    await Promise.all(desks.flatMap((desk) => [0, 1, 2].map(() => use(desk, id, 'cited', newId()))));
    expect(await counts(id)).toEqual({ id, cited: 18, helped: 0 });
  });

  it('an article that this centre never saw holds nobody up', async () => {
    expect(await use(agent, newId(), 'helped', newId())).toMatchObject({ status: 'applied', rows: [] });
  });

  it('agents read what is published and nothing else', async () => {
    const id = await published('상담사가 읽는 문서');
    for (const [method, path] of [
      ['GET', ''],
      ['GET', `/${id}/versions`],
      ['GET', `/${id}/versions/1`],
      ['PUT', '/versions'],
      ['POST', `/${id}/publish`],
      ['POST', `/${id}/withdraw`],
    ] as const) {
      expect((await ask(agent, method, path, method === 'GET' ? undefined : {})).status).toBe(403);
    }
  });

  it('what does not fit is refused, and hostile words are kept as words', async () => {
    const id = newId();
    const put = (text: unknown) =>
      ask(jung, 'PUT', '/versions', { articleId: id, versionId: newId(), basedOn: null, content: text });
    for (const bad of [
      content(' '),
      content('제목', { shortAnswer: '' }),
      content('제목', { body: 'x'.repeat(20_001) }),
      content('\u0000'),
      content('제목', { body: '\ud800' }),
      content('제목', { topics: Array.from({ length: 21 }, () => 'x') }),
    ]) {
      expect((await put(bad)).status).toBe(400);
    }
    const hostile = content('"><script>alert(1)</script>', {
      body: `'; DROP TABLE knowledge; -- [x](javascript:alert(1))`,
    });
    expect((await put(hostile)).status).toBe(200);
    await publish(jung, id, 1);
    expect((await rowsOf('knowledge_article', id))[0]?.data).toMatchObject(hostile);
  });
});
