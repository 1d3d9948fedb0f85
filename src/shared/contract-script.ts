import { z } from 'zod';
import { OfWindow } from './call.ts';
import { act } from './contract-base.ts';
import { Mark } from './customer-360.ts';
import { Id } from './ids.ts';
import { Script, ScriptHash, ScriptKind } from './script.ts';
import { RunFacts } from './script-record.ts';
import { RunState } from './script-run.ts';
import { Language } from './text.ts';

export const SCRIPTS_MAX = 200;
/** Of one customer, the newest. */
export const RUNS_MAX = 50;

const InBoth = z.object({ ko: z.string(), en: z.string() });
/** One line of the list. `fits`: its rules are true of this call and customer. */
export const ScriptHit = z.object({
  id: Id,
  code: z.string(),
  title: InBoth,
  kind: ScriptKind,
  number: z.int(),
  steps: z.int(),
  fits: z.boolean(),
});
export type ScriptHit = z.infer<typeof ScriptHit>;

/** What is known of a fact; see rules/facts.ts. */
const Facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]));

/** The version whose words an agent has on screen. */
const RunVersion = Script.pick({ id: true, number: true, hash: true, content: true });
export type RunVersion = z.infer<typeof RunVersion>;

/** A run that is going on, as the desk keeps it. */
export const KeptRun = z.object({
  runId: Id,
  callId: Id.nullable(),
  customerId: Id.nullable(),
  version: RunVersion,
  /** As they were known when it began: its branches are always those of then. */
  facts: Facts,
  state: RunState,
  revision: z.int().min(0),
  /** In which it is spoken. */
  language: Language,
});
export type KeptRun = z.infer<typeof KeptRun>;

/** Of a run that is over, without its words. */
export const RunHead = RunFacts.omit({ lines: true }).extend({ id: Id, agentName: z.string(), mark: Mark });
export type RunHead = z.infer<typeof RunHead>;

const OfCall = z.object({
  callId: Id.nullable(),
  customerId: Id.nullable(),
  queue: z.string().max(100).nullable(),
  direction: z.enum(['in', 'out']).nullable(),
});

const RunPlace = z.object({
  runId: Id,
  customerId: Id.nullable(),
  state: RunState,
  revision: z.int().min(1),
  hash: ScriptHash,
  language: Language,
});
export type RunPlace = z.infer<typeof RunPlace>;

/** Scripts: published at the centre, chosen, run and kept at the desk, also offline. */
export const script = {
  /** Every script of this desk, those that fit first. At most 200. */
  list: act(OfCall, z.object({ scripts: z.array(ScriptHit).max(SCRIPTS_MAX) })),
  /** Begins a run; durable. The same runId again is the same run, as far as it is. NOT_FOUND: withdrawn meanwhile. */
  begin: act(OfCall.extend({ runId: Id, scriptId: Id, language: Language }), KeptRun),
  /** This agent's runs that are not over, the latest first, but of no call that another living window is in. */
  open: act(OfWindow, z.object({ runs: z.array(KeptRun).max(50) })),
  /**
   * Where the run is now; durable before it answers, an older revision is ignored. `hash`: the version that is on screen. `newer`:
   * another one was published; the page goes on with it where it may (mayAdopt), and says so by its hash. NOT_FOUND: it is over.
   */
  keep: act(RunPlace, z.object({ newer: RunVersion.nullable() })),
  /**
   * The run is over, finished or given up: what was said and answered goes to the centre, and answers to the fields that they are
   * for, in one durable commit. The same runId again is the same end. BAD_INPUT: the run is not over.
   */
  end: act(
    RunPlace,
    z.object({
      mark: Mark,
      disposition: z.string().nullable(),
      /** Fields that were written; `left`: those whose field is not there any more, or whose case is not clear. */
      written: z.array(z.string()),
      left: z.array(z.string()),
    }),
  ),
  /** The runs of a customer that are over, the newest first; logged as a look where they were not opened yet. */
  of: act(z.object({ customerId: Id }), z.object({ runs: z.array(RunHead).max(RUNS_MAX) })),
  /** One of them with its words, masked. NOT_FOUND. */
  read: act(z.object({ customerId: Id, runId: Id }), RunFacts.extend({ id: Id, agentName: z.string(), mark: Mark })),
};
