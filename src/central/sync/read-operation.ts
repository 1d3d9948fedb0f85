import { z } from 'zod';
import { Id } from '../../shared/ids.ts';
import { Operation, OperationPayload, PROTOCOL_VERSION, type RejectionCode } from '../../shared/sync-wire.ts';

/** Of an operation that does not fit: as much as is needed to answer it, and to give the same answer again. */
const Envelope = z.object({ opId: Id, deviceId: Id, deviceSeq: z.int().min(1) });
type Envelope = z.infer<typeof Envelope>;

export type ReadOperation =
  | { fits: true; envelope: Envelope; operation: Operation }
  | { fits: false; envelope: Envelope | null; opId: Id; code: RejectionCode; detail: string };

/** An answer needs an id; something that has none gets this one (RFC 9562 section 5.9), at its place in the order sent. */
const NIL = '00000000-0000-0000-0000-000000000000';

const KINDS: ReadonlySet<unknown> = new Set(OperationPayload.options.map((option) => option.shape.kind.value));

/** True where a kind or a version is newer than this centre: the desk may send it again after an update. */
function isUnsupported(raw: unknown): boolean {
  const shape = z.object({ schemaVersion: z.int(), payload: z.object({ kind: z.string() }) }).safeParse(raw);
  return shape.success && (shape.data.schemaVersion > PROTOCOL_VERSION || !KINDS.has(shape.data.payload.kind));
}

/** Which fields are wrong, without what is in them. */
export function whatIsWrong(error: z.ZodError): string {
  const fields = error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.code}`);
  return [...new Set(fields)].join('; ').slice(0, 500);
}

/** Reads one operation of a push alone: a bad one is answered alone. */
export function readOperation(raw: unknown, deviceId: Id): ReadOperation {
  const envelope = Envelope.safeParse(raw);
  const own = envelope.success && envelope.data.deviceId === deviceId ? envelope.data : null;
  const refuse = (code: RejectionCode, detail: string): ReadOperation => {
    const named = z.object({ opId: Id }).safeParse(raw);
    return { fits: false, envelope: own, opId: named.success ? named.data.opId : NIL, code, detail };
  };
  if (isUnsupported(raw)) return refuse('UNSUPPORTED', 'this centre does not know this kind or version');
  const operation = Operation.safeParse(raw);
  if (!operation.success) return refuse('INVALID', whatIsWrong(operation.error));
  if (own === null) return refuse('INVALID', 'deviceId: not the one that sends');
  return { fits: true, envelope: own, operation: operation.data };
}
