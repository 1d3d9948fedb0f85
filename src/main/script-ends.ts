import type { RunPlace } from '../shared/contract-script.ts';
import { type CustomField, type EditableField, type FieldValue, fieldsOf } from '../shared/customer.ts';
import { fitsOwnField, isSameValue, valueOfField } from '../shared/customer-edit.ts';
import { DangolError } from '../shared/errors.ts';
import type { ScriptContent, StepOf } from '../shared/script.ts';
import { dispositionOf, linesOf } from '../shared/script-record.ts';
import { type AnswerValue, type RunState, shownStep, unsaid } from '../shared/script-run.ts';
import { bookOf } from '../shared/script-ways.ts';
import type { OperationPayload } from '../shared/sync-wire.ts';
import { appendOperation, findOperation, markOf } from '../sync/outbox.ts';
import { ensureInteraction } from './calls.ts';
import { readCustomFields } from './customer-rows.ts';
import { afterWrite, type HostContext, nowInstant } from './host-context.ts';
import { inVersion, type Journaled, mine, readRow } from './scripts.ts';
import { readWhole } from './whole-customer.ts';

type RunPayload = Extract<OperationPayload, { kind: 'script.run' }>;

export interface RunEnd {
  mark: 'here' | 'centre' | 'attention';
  disposition: string | null;
  written: string[];
  left: string[];
}

/**
 * Ends a run: its record, the fields that answers are for, and the end of its journal in ONE commit. The same runId again is the same
 * end. @throws BAD_INPUT: it is not over, or was completed without what must be said; NOT_FOUND.
 */
export function endRun(context: HostContext, place: RunPlace): RunEnd {
  const author = context.seat.author();
  const { outbox } = context;
  const end = outbox
    .transaction((): RunEnd & { customerId: string | null } => {
      const known = findOperation(outbox, 'script.run', place.runId);
      if (known) return { ...repeated(known), written: [], left: [] };
      const row = mine(readRow(outbox, place.runId), author.id);
      const run = inVersion(JSON.parse(row.run) as Journaled, place.hash);
      mustBeOver(run.version.content, place.state);
      const customerId = place.customerId ?? row.customer_id;
      const of = { interactionId: row.call_id, customerId };
      if (of.interactionId !== null) ensureInteraction(context, author, of.interactionId);
      const record = payloadOf(context, run, place, { ...of, startedAt: row.started_at });
      const targets = targetsOf(context, run.version.content, place.state, of);
      for (const payload of [record, ...targets.payloads]) {
        const by = { authorId: author.id, authorName: author.name, claimedAt: nowInstant(context) };
        const baseVersion = payload.kind === 'customer.update' ? targets.version : null;
        appendOperation(outbox, { ...by, payload, baseVersion, country: context.seat.country() });
      }
      outbox.prepare('DELETE FROM script_run WHERE run_id = ?').run(place.runId);
      const { written, left } = targets;
      return { mark: 'here', disposition: record.disposition, written, left, customerId };
    })
    .immediate();
  const { customerId, ...answer } = end;
  afterWrite(context, [customerId]);
  return answer;
}

function repeated(known: NonNullable<ReturnType<typeof findOperation>>) {
  const payload = JSON.parse(known.payload) as RunPayload;
  const mark = known.status === 'acknowledged' ? ('centre' as const) : markOf(known.status);
  return { mark, disposition: payload.disposition, customerId: payload.customerId };
}

/** What the machine promises is asked here once more: what comes from a page is kept as evidence. */
function mustBeOver(script: ScriptContent, state: RunState): void {
  const step = shownStep(script, state);
  const isCompleted = step?.kind === 'end' && step.result === 'completed';
  const isOver =
    state.status === 'given_up' ||
    (state.status === 'finished' && step?.kind === 'end' && !(isCompleted && unsaid(script, state).length > 0));
  if (!isOver) throw new DangolError('BAD_INPUT', 'check-input', { detail: 'the run is not over' });
}

function payloadOf(
  context: HostContext,
  { version, begunWith }: Journaled,
  { runId, state, language }: RunPlace,
  of: { interactionId: string | null; customerId: string | null; startedAt: string },
): RunPayload {
  const { id: scriptId, number, hash, content } = version;
  const now = nowInstant(context);
  const title = content.title[language].trim() || content.title.ko || content.title.en;
  return {
    ...{ kind: 'script.run', runId, ...of, scriptId, code: content.code, title, number, hash, language },
    ...(begunWith === hash ? {} : { begunWith }),
    status: state.status === 'finished' ? 'finished' : 'given_up',
    endedAt: now,
    disposition: state.status === 'finished' ? dispositionOf(content, state) : null,
    lines: linesOf(content, state, language, now),
  };
}

interface Targets {
  payloads: OperationPayload[];
  /** The version of the customer that the answers were given over. */
  version: number | null;
  written: string[];
  left: string[];
}

/** Answers of the way that have a field, as the changes that an agent would make by hand. What does not fit any more stays in the answers. */
function targetsOf(
  context: HostContext,
  script: ScriptContent,
  state: RunState,
  of: { interactionId: string | null; customerId: string | null },
): Targets {
  const none: Targets = { payloads: [], version: null, written: [], left: [] };
  const wishes = wishesOf(script, state);
  if (wishes.length === 0) return none;
  const rows = of.customerId === null ? null : readWhole(context.outbox, context.cache, of.customerId);
  if (!rows) return { ...none, left: wishes.map(({ field }) => field) };
  const customerId = rows.customer.id;
  const own = readCustomFields(context.cache);
  const valued = wishes.map((wish) => ({ ...wish, value: valueFor(wish, own) }));
  const openCases = rows.cases.filter(({ status }) => status !== 'closed');
  const only = openCases.length === 1 ? openCases[0] : undefined;
  const changes = valued.flatMap(({ of: whose, field, value }) => {
    if (whose !== 'customer' || value === undefined) return [];
    const was = valueOfField(rows.customer, field);
    return isSameValue(was, value) ? [] : [{ field, value, was }];
  });
  const custom = Object.fromEntries(
    valued.flatMap(({ of: whose, key, value }) => (whose === 'case' && value !== undefined ? [[key, value]] : [])),
  );
  const written = valued.filter(({ of: whose, value }) => value !== undefined && (whose === 'customer' || only));
  const caseChange = { ...of, kind: 'case.change', customerId, change: { custom }, why: null } as const;
  return {
    payloads: [
      ...(changes.length > 0 ? [{ kind: 'customer.update' as const, customerId, changes }] : []),
      ...(only && Object.keys(custom).length > 0 ? [{ ...caseChange, caseId: only.id }] : []),
    ],
    version: rows.version,
    written: written.map(({ field }) => field),
    left: valued.filter((one) => !written.includes(one)).map(({ field }) => field),
  };
}

interface Wish {
  of: 'customer' | 'case';
  field: EditableField;
  key: string;
  answer: AnswerValue;
}

/** The last answer for each field, of steps on the way. */
function wishesOf(script: ScriptContent, state: RunState): Wish[] {
  const book = bookOf(script);
  const onWay = [...state.path.map(({ stepId }) => stepId), state.stepId].map((id) => book.get(id));
  const asked = onWay.filter((step): step is StepOf<'ask'> => step?.kind === 'ask');
  const wishes = asked.flatMap((step): Wish[] => {
    const { id, to } = step;
    const answer = state.answers[id]?.value;
    if (!to || to.of === 'disposition' || answer === undefined) return [];
    const field = to.of === 'customer' ? to.field : `custom.${to.key}`;
    return [{ of: to.of, field, key: field.replace('custom.', ''), answer: saidTo(step, answer) }];
  });
  return [...new Map(wishes.map((wish) => [`${wish.of} ${wish.field}`, wish])).values()];
}

/** What an option says to its field. */
function saidTo({ question }: StepOf<'ask'>, answer: AnswerValue): AnswerValue {
  if (!('options' in question)) return answer;
  const said = (code: string) => question.options.find((option) => option.code === code)?.value ?? code;
  if (Array.isArray(answer)) return answer.map(said);
  return typeof answer === 'string' ? said(answer) : answer;
}

/** The answer as its field has it; undefined: the field is gone, or takes it no more. */
function valueFor({ of, field, key, answer }: Wish, own: readonly CustomField[]): FieldValue | undefined {
  if (!field.startsWith('custom.')) return Array.isArray(answer) ? undefined : answer;
  const defined = fieldsOf(own, of).find((one) => one.key === key);
  if (!defined) return undefined;
  const value = defined.type === 'boolean' ? answer === 'yes' : answer;
  return fitsOwnField(defined, value) ? value : undefined;
}
