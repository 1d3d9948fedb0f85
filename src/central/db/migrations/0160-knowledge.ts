/**
 * Articles, every version of them, and who used which. Desks get the published version and its counts as records; versions are
 * only ever added, so that nobody's words are lost.
 */
export const knowledge0160 = {
  name: '0160-knowledge',
  statements: [
    `CREATE TABLE "record_knowledge_article" PARTITION OF record FOR VALUES IN ('knowledge_article')`,
    `CREATE TABLE "record_knowledge_count" PARTITION OF record FOR VALUES IN ('knowledge_count')`,
    'CREATE SEQUENCE knowledge_code_seq START 1001',
    `CREATE TABLE knowledge (
      id uuid PRIMARY KEY,
      code text NOT NULL UNIQUE,
      latest integer NOT NULL,
      published integer,
      withdrawn boolean NOT NULL DEFAULT false
    )`,
    `CREATE TABLE knowledge_version (
      article_id uuid NOT NULL REFERENCES knowledge (id),
      number integer NOT NULL,
      version_id uuid NOT NULL UNIQUE,
      based_on integer,
      content jsonb NOT NULL,
      saved_at timestamptz NOT NULL,
      saved_by text NOT NULL,
      PRIMARY KEY (article_id, number)
    )`,
    // No foreign key: a desk may tell of an article that this centre lost in a restore, and must not be held up by it.
    `CREATE TABLE knowledge_use (
      article_id uuid NOT NULL,
      occasion_id uuid NOT NULL,
      agent_id uuid NOT NULL,
      use text NOT NULL,
      number integer NOT NULL,
      at timestamptz NOT NULL,
      PRIMARY KEY (article_id, use, occasion_id, agent_id)
    )`,
  ],
} as const;
