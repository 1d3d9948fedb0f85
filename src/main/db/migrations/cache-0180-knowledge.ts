/**
 * Articles of the business and how often they are used. Search by two-grams and 초성, cut by knowledgeText() of
 * shared/search-text.ts; triggers keep it in step, whichever way a row comes and goes. bm25 weighs the columns.
 */
const insert = `
  INSERT INTO knowledge_search (rowid, head, initials, rest) VALUES (new.line, new.head, new.initials, new.rest);`;
const remove = 'DELETE FROM knowledge_search WHERE rowid = old.line;';

export const cache0180Knowledge = {
  number: 180,
  sql: `
    CREATE TABLE knowledge_article (
      line INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL,
      head TEXT NOT NULL,
      initials TEXT NOT NULL,
      rest TEXT NOT NULL,
      data TEXT NOT NULL
    ) STRICT;
    CREATE TABLE knowledge_count (id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE VIRTUAL TABLE knowledge_search USING fts5 (head, initials, rest, tokenize = "unicode61 remove_diacritics 2");
    CREATE TRIGGER knowledge_came AFTER INSERT ON knowledge_article BEGIN ${insert} END;
    CREATE TRIGGER knowledge_went AFTER DELETE ON knowledge_article BEGIN ${remove} END;
    CREATE TRIGGER knowledge_changed AFTER UPDATE ON knowledge_article BEGIN ${remove} ${insert} END;
  `,
} as const;
