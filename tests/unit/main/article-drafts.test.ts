import { expect, test } from 'vitest';
import { keepArticleDraft, readArticleDrafts } from '../../../src/main/article-drafts.ts';
import { newId } from '../../../src/shared/ids.ts';
import { openTestContext } from '../../fakes/host-context.ts';

const draft = (title: string) => ({
  ...{ title, shortAnswer: '', body: '', topics: '해지, ', products: '' },
  ...{ queues: [], dispositions: [], basedOn: null },
});

test("an author's unsaved articles are kept by the desk, each by itself and for its author alone, until they are saved or let go", () => {
  const desk = openTestContext();
  const [one, other] = [newId(), newId()];
  keepArticleDraft(desk, one, draft('쓰던 문서'));
  keepArticleDraft(desk, other, draft('다른 문서'));
  keepArticleDraft(desk, one, draft('쓰던 문서, 더'));
  expect(readArticleDrafts(desk)).toEqual([
    { articleId: other, draft: draft('다른 문서') },
    { articleId: one, draft: draft('쓰던 문서, 더') },
  ]);
  const { sitting } = desk;
  desk.sitting = { ...sitting, id: newId() };
  expect(readArticleDrafts(desk)).toEqual([]);
  desk.sitting = sitting;
  keepArticleDraft(desk, one, null);
  keepArticleDraft(desk, other, null);
  expect(readArticleDrafts(desk)).toEqual([]);
  expect(desk.outbox.prepare(`SELECT count(*) AS n FROM keep WHERE name LIKE 'articles.%'`).get()).toEqual({ n: 0 });
});
