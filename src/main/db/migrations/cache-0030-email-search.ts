/**
 * Search by a part of an e-mail address, three letters or more. Triggers keep it in step: a contact point comes and goes in
 * several ways (a page, a reply, with its customer), and whichever it is, the letters must leave the file with it.
 */
const insert = `
  INSERT INTO email_line (contact_id, customer_id) SELECT new.id, new.customer_id WHERE new.kind = 'email';
  INSERT INTO email_search (rowid, value)
  SELECT line, json_extract(new.data, '$.value') FROM email_line WHERE contact_id = new.id;`;
const remove = `
  DELETE FROM email_search WHERE rowid = (SELECT line FROM email_line WHERE contact_id = old.id);
  DELETE FROM email_line WHERE contact_id = old.id;`;

export const cache0030EmailSearch = {
  number: 30,
  sql: `
    CREATE TABLE email_line (line INTEGER PRIMARY KEY, contact_id TEXT NOT NULL UNIQUE, customer_id TEXT) STRICT;
    -- rowid = email_line.line: contact_point has no rowid of its own.
    CREATE VIRTUAL TABLE email_search USING fts5 (value, tokenize = 'trigram');
    INSERT INTO email_search (email_search, rank) VALUES ('secure-delete', 1);
    CREATE TRIGGER email_came AFTER INSERT ON contact_point WHEN new.kind = 'email' BEGIN ${insert} END;
    CREATE TRIGGER email_went AFTER DELETE ON contact_point WHEN old.kind = 'email' BEGIN ${remove} END;
    CREATE TRIGGER email_changed AFTER UPDATE ON contact_point WHEN old.kind = 'email' OR new.kind = 'email' BEGIN
      ${remove}
      ${insert}
    END;
    INSERT INTO email_line (contact_id, customer_id) SELECT id, customer_id FROM contact_point WHERE kind = 'email';
    INSERT INTO email_search (rowid, value)
    SELECT line, json_extract(data, '$.value') FROM email_line JOIN contact_point ON id = contact_id;
  `,
} as const;
