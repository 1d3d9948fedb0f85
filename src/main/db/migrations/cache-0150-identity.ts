/** Who may be the same person: by e-mail address, by birthday and name; and who was merged into whom. */
export const cache0150Identity = {
  number: 150,
  sql: `
    CREATE INDEX contact_point_email ON contact_point (lower(json_extract(data, '$.value'))) WHERE kind = 'email';
    CREATE INDEX customer_birthday ON customer (json_extract(data, '$.birthday'), name)
      WHERE json_extract(data, '$.birthday') IS NOT NULL;
    CREATE INDEX customer_merged_into ON customer (json_extract(data, '$.mergedInto.customerId'))
      WHERE json_extract(data, '$.mergedInto.customerId') IS NOT NULL;
  `,
} as const;
