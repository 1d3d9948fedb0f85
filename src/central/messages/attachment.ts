import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { sql } from 'kysely';
import { ATTACHMENT_MAX_BYTES, type AttachmentAnswer, attachmentKind, isWhatItSays } from '../../shared/attachment.ts';
import type { Interaction } from '../../shared/interaction.ts';
import type { Db } from '../db/store.ts';
import { readAttachment } from './read-mail.ts';

const unpack = promisify(gunzip);
/** As much as the mailbox reader takes of one mail, and a little more. */
const SOURCE_MAX_BYTES = 30_000_000;

/**
 * One attachment of a mail, out of its source: only what its name and its bytes say is harmless. The source is unpacked for the one who
 * asks and kept nowhere.
 */
export async function takeOutAttachment(db: Db, row: Interaction, index: number): Promise<AttachmentAnswer> {
  const listed = row.message?.attachments?.[index];
  // What a service lists lies with the service: its source is no mail.
  if (!listed || row.channel !== 'email') return { state: 'gone' };
  if (attachmentKind(listed) === 'dangerous') return { state: 'dangerous' };
  if (listed.bytes > ATTACHMENT_MAX_BYTES) return { state: 'too_large' };
  const { rows } = await sql<{ raw: Uint8Array | null }>`
    SELECT raw FROM taken_message WHERE interaction_id = ${row.id}`.execute(db);
  const packed = rows[0]?.raw;
  if (!packed) return { state: 'gone' };
  const bytes = await readAttachment(await unpack(packed, { maxOutputLength: SOURCE_MAX_BYTES }), index);
  if (bytes === null) return { state: 'gone' };
  if (bytes.byteLength > ATTACHMENT_MAX_BYTES) return { state: 'too_large' };
  if (!isWhatItSays(listed, bytes)) return { state: 'dangerous' };
  return { state: 'given', base64: Buffer.from(bytes).toString('base64') };
}
