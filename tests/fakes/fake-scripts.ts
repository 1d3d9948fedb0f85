import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../src/shared/contract.ts';
import type { KeptRun, RunHead } from '../../src/shared/contract-script.ts';
import type { Script } from '../../src/shared/script.ts';
import { dispositionOf, linesOf, type RunLine } from '../../src/shared/script-record.ts';
import { beginRun } from '../../src/shared/script-run.ts';

/** The scripts of a host that only remembers: what is published, what is going on, what is over. */
export interface FakeScripts {
  scripts: Script[];
  /** Codes of those that fit whatever call there is. */
  fitting: string[];
  facts: KeptRun['facts'];
  running: KeptRun[];
  over: (RunHead & { lines: RunLine[] })[];
}

export const noScripts = (): FakeScripts => ({ scripts: [], fitting: [], facts: {}, running: [], over: [] });

type Implementer = ReturnType<typeof implementerOf>;
function implementerOf() {
  return implement(contract).use(({ next }) => next());
}

const notThere = (): never => {
  throw new ORPCError('NOT_FOUND', { data: { next: 'none' } });
};

export function scriptActs(os: Implementer, { scripts: state }: { scripts: FakeScripts }, now: () => number) {
  const acts = os.script;
  const runOf = (runId: string) => state.running.find((run) => run.runId === runId) ?? notThere();
  return {
    list: acts.list.handler(() => ({
      scripts: state.scripts
        .map(({ id, number, content: { code, title, kind, steps } }) => {
          return { id, number, code, title, kind, steps: steps.length, fits: state.fitting.includes(code) };
        })
        .sort((a, b) => Number(b.fits) - Number(a.fits)),
    })),
    begin: acts.begin.handler(({ input: { runId, scriptId, callId, customerId, language } }) => {
      const known = state.running.find((run) => run.runId === runId);
      if (known) return known;
      const version = state.scripts.find(({ id }) => id === scriptId) ?? notThere();
      const { facts } = state;
      const begun = beginRun({ script: version.content, facts });
      const run = { runId, callId, customerId, version, facts, state: begun, revision: 0, language };
      state.running.push(run);
      return run;
    }),
    open: acts.open.handler(() => ({ runs: state.running })),
    keep: acts.keep.handler(({ input: { runId, state: place, revision, customerId, language } }) => {
      const run = runOf(runId);
      if (revision > run.revision) Object.assign(run, { state: place, revision, customerId, language });
      const published = state.scripts.find(({ id }) => id === run.version.id);
      const newer = published && published.hash !== run.version.hash ? published : null;
      if (newer) run.version = newer;
      return { newer };
    }),
    end: acts.end.handler(({ input }) => {
      const { runId, callId, version } = runOf(input.runId);
      const { content, id: scriptId, hash, number } = version;
      const at = new Date(now()).toISOString();
      const disposition = input.state.status === 'finished' ? dispositionOf(content, input.state) : null;
      state.running = state.running.filter((run) => run.runId !== runId);
      state.over.unshift({
        ...{
          id: runId,
          interactionId: callId,
          customerId: input.customerId,
          scriptId,
          code: content.code,
          hash,
          number,
        },
        ...{ title: content.title[input.language], language: input.language, startedAt: at, endedAt: at, disposition },
        ...{ status: input.state.status === 'finished' ? ('finished' as const) : ('given_up' as const) },
        ...{ agentName: '김서연', mark: 'here' as const, lines: linesOf(content, input.state, input.language, at) },
      });
      return { mark: 'here' as const, disposition, written: [], left: [] };
    }),
    of: acts.of.handler(({ input }) => ({
      runs: state.over.filter((run) => run.customerId === input.customerId).map(({ lines: _, ...head }) => head),
    })),
    read: acts.read.handler(({ input }) => state.over.find(({ id }) => id === input.runId) ?? notThere()),
  };
}
