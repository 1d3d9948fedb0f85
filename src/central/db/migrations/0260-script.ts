/**
 * Scripts, every version of them, and the runs that desks tell of. Desks get the published version as a record; versions are only ever
 * added, each named by the hash of its words, which every run names too.
 */
export const script0260 = {
  name: '0260-script',
  statements: [
    `CREATE TABLE "record_script" PARTITION OF record FOR VALUES IN ('script')`,
    `CREATE TABLE "record_script_run" PARTITION OF record FOR VALUES IN ('script_run')`,
    `CREATE INDEX script_run_of_interaction ON record_script_run ((data->>'interactionId'))
      WHERE data->>'interactionId' IS NOT NULL`,
    `CREATE TABLE script (
      id uuid PRIMARY KEY,
      code text NOT NULL UNIQUE,
      latest integer NOT NULL,
      published integer,
      withdrawn boolean NOT NULL DEFAULT false
    )`,
    `CREATE TABLE script_version (
      script_id uuid NOT NULL REFERENCES script (id),
      number integer NOT NULL,
      hash text NOT NULL,
      content jsonb NOT NULL,
      saved_at timestamptz NOT NULL,
      saved_by text NOT NULL,
      PRIMARY KEY (script_id, number)
    )`,
  ],
} as const;
