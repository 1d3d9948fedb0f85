import type { Interaction } from '../shared/interaction.ts';

/** Of the words of a mail so much is in a list, and of a form so many fields; a search reads all of them. */
const EXCERPT = 400;
const FIELDS_OF_EXCERPT = 6;
const FIELD_OF_EXCERPT = 100;
/** So much more is read, so that a number that stands across the end of the excerpt is masked as one before it is cut. */
const READ_SIGNS = EXCERPT + 200;
/** Rows up to this size are given as they are: to open their JSON would cost more than it saves. */
const SMALL_ROW_BYTES = 3000;

const TEXT = `json_extract(data, '$.message.text')`;

/**
 * The row of an interaction (its column `data`) with the beginning of its words alone: a long mail is 30 KB, and twenty of them would
 * be read, parsed and masked in a pop that shows 400 signs of each.
 */
export const EXCERPT_OF_DATA = `CASE WHEN octet_length(data) > ${SMALL_ROW_BYTES} AND length(${TEXT}) > ${READ_SIGNS}
    THEN json_set(data, '$.message.text', substr(${TEXT}, 1, ${READ_SIGNS}), '$.message.cut', json('true')) ELSE data END`;

/** With the beginning of its words. Mask first: half a number is not known as one. */
export function excerptOf(row: Interaction): Interaction {
  const { message } = row;
  if (!message) return row;
  const { text, fields } = message;
  const few = fields?.slice(0, FIELDS_OF_EXCERPT).map(({ name, value }) => ({
    ...{ name, value: value.slice(0, FIELD_OF_EXCERPT).toWellFormed() },
  }));
  const isShort = text.length <= EXCERPT && JSON.stringify(few) === JSON.stringify(fields);
  if (isShort) return row;
  const begin = text.slice(0, EXCERPT).toWellFormed();
  return { ...row, message: { ...message, text: begin, ...(few ? { fields: few } : {}), cut: true } };
}

/** What is masked before it is cut to the excerpt: enough that nothing which stands across its end is missed. */
export function toBeMasked(row: Interaction): Interaction {
  const { message } = row;
  if (!message || message.text.length <= READ_SIGNS) return row;
  return { ...row, message: { ...message, text: message.text.slice(0, READ_SIGNS).toWellFormed(), cut: true } };
}
