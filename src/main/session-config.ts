import { z } from 'zod';
import { DeskConfig } from '../shared/central-api.ts';
import { DangolError } from '../shared/errors.ts';
import { readKeep, writeKeep } from './keep.ts';
import { KEEP, KeptConfig, KeptLine, type KeptSession } from './session-keep.ts';
import type { SessionOptions } from './session-options.ts';

export interface SessionConfigParts extends Pick<SessionOptions, 'outbox' | 'central' | 'clock' | 'log'> {
  accessToken: () => Promise<string | null>;
  /** Who sits here; null: nobody, or the host is closed. */
  sitting: () => Pick<KeptSession, 'agent' | 'accessToken'> | null;
  /** It came, or is another now. After the commit. */
  changed: () => void;
}

const CONFIG_TIMEOUT_MS = 5000;
const ASK_CONFIG_AGAIN_MS = 2000;

/** The desk's configuration: as the centre told it last, on disk with the line of everybody whose lease runs. */
export class SessionConfig {
  readonly #parts: SessionConfigParts;
  #now: DeskConfig | null = null;
  #kept: KeptConfig | null;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Whether the centre told it in this life of the host. */
  #told = false;
  /** For whoever signs in, or whose desk starts again, while the centre is away: their line comes with it. */
  readonly #byAgent: Map<string, DeskConfig>;

  constructor(parts: SessionConfigParts) {
    this.#parts = parts;
    this.#kept = readKeep(parts.outbox, KEEP.config, KeptConfig);
    const lines = readKeep(parts.outbox, KEEP.lines, z.array(KeptLine)) ?? [];
    this.#byAgent = new Map(lines.map(({ agentId, config }) => [agentId, config]));
  }

  /** Whole; null until the centre has told it. */
  now(): DeskConfig | null {
    return this.#now;
  }

  /** As far as it is known, also from the last life of the host. */
  known(): KeptConfig | null {
    return this.#now ?? this.#kept;
  }

  forget(): void {
    this.#now = null;
    this.#told = false;
  }

  /** What this agent had when they sat here last. */
  recall(agentId: string): void {
    this.#now = this.#byAgent.get(agentId) ?? null;
    this.#told = false;
  }

  /** Forgets the line of everybody whose lease is over. Writes only where there is something to forget. */
  keepLinesOf(isLeased: (agentId: string) => boolean): void {
    const over = [...this.#byAgent.keys()].filter((agentId) => !isLeased(agentId));
    if (over.length === 0) return;
    for (const agentId of over) this.#byAgent.delete(agentId);
    this.#writeLines();
  }

  #writeLines(): void {
    const lines: KeptLine[] = [...this.#byAgent].map(([agentId, config]) => ({ agentId, config }));
    writeKeep(this.#parts.outbox, KEEP.lines, lines.length === 0 ? null : lines);
  }

  /** The centre answered somebody: if it did not tell this desk its configuration since the start, it may now. */
  centreIsThere(): void {
    const now = this.#parts.clock.now();
    if (this.#told || Math.abs(now - this.#askedAt) < ASK_CONFIG_AGAIN_MS) return;
    void this.refresh();
  }

  /** Asks for it again. A failure is logged and tried again with the next contact or renewal. */
  async refresh(): Promise<void> {
    const { central, clock, outbox, log, accessToken, sitting } = this.#parts;
    try {
      const token = await accessToken();
      if (token === null) return;
      this.#askedAt = clock.now();
      const request = { path: '/v1/desk-config', token, answer: DeskConfig, timeoutMs: CONFIG_TIMEOUT_MS };
      const answer = await central.ask(request);
      const session = sitting();
      if (session?.accessToken !== token) return;
      const changed = JSON.stringify(answer) !== JSON.stringify(this.#now);
      this.#now = answer;
      this.#told = true;
      const known = JSON.stringify(this.#byAgent.get(session.agent.id));
      this.#byAgent.set(session.agent.id, answer);
      if (known !== JSON.stringify(answer)) this.#writeLines();
      this.#kept = KeptConfig.parse(answer);
      writeKeep(outbox, KEEP.config, this.#kept);
      if (changed) this.#parts.changed();
    } catch (error) {
      log('session.no_config', { code: error instanceof DangolError ? error.code : 'INTERNAL' });
    }
  }
}
