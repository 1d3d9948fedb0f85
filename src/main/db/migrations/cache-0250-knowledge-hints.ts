/**
 * What suggests an article, each as a row of an index: the words of its topics by their first two letters, its queues, products and
 * outcomes. Cut by knowledgeHints() of shared/knowledge-hints.ts; triggers keep it in step. Rows that came before this step have no
 * hints (null) until they come again: those few are looked at one by one.
 */
const insert = `
  INSERT INTO knowledge_hint (kind, key, word, line)
  SELECT value ->> 0, value ->> 1, value ->> 2, new.line FROM json_each(new.hints) WHERE true ON CONFLICT DO NOTHING;`;
const remove = 'DELETE FROM knowledge_hint WHERE line = old.line;';

export const cache0250KnowledgeHints = {
  number: 250,
  sql: `
    ALTER TABLE knowledge_article ADD COLUMN hints TEXT;
    CREATE INDEX knowledge_unhinted ON knowledge_article (line) WHERE hints IS NULL;
    CREATE INDEX knowledge_code ON knowledge_article (data ->> '$.code');
    CREATE TABLE knowledge_hint (
      kind TEXT NOT NULL,
      key TEXT NOT NULL,
      word TEXT NOT NULL,
      line INTEGER NOT NULL,
      PRIMARY KEY (kind, key, word, line)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX knowledge_hint_line ON knowledge_hint (line);
    CREATE INDEX knowledge_count_helped ON knowledge_count (data ->> '$.helped' DESC, data ->> '$.cited' DESC);
    CREATE TRIGGER knowledge_hint_came AFTER INSERT ON knowledge_article BEGIN ${insert} END;
    CREATE TRIGGER knowledge_hint_went AFTER DELETE ON knowledge_article BEGIN ${remove} END;
    CREATE TRIGGER knowledge_hint_changed AFTER UPDATE ON knowledge_article BEGIN ${remove} ${insert} END;
  `,
} as const;
