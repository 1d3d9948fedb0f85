import type { SipAccount } from '../shared/central-api.ts';

/** What to do after a server has failed. */
export interface NextServer {
  /** True where it has not failed since the last success: it is tried at once. */
  fresh: boolean;
  /** How long the server itself asked to be left alone, in milliseconds; null where it did not. */
  retryAfterMs: number | null;
}

/** The addresses of one account in order of preference, and which of them is used now. */
export class ServerList {
  readonly #servers: readonly string[];
  #index = 0;
  /** Epoch ms, by place in the list. */
  readonly #notBefore = new Map<number, number>();
  readonly #failed = new Set<number>();

  constructor({ server, backupServers = [] }: Pick<SipAccount, 'server' | 'backupServers'>) {
    // Never from wss to ws: a line that is overheard is no backup.
    const scheme = /^\w+:/.exec(server)?.[0] ?? '';
    this.#servers = [...new Set([server, ...backupServers.filter((one) => one.startsWith(scheme))])];
  }

  current(): string {
    return this.#servers[this.#index] ?? '';
  }

  first(): string {
    return this.#servers[0] ?? '';
  }

  onBackup(): boolean {
    return this.#index > 0;
  }

  /** Registered: whatever failed before may be tried again. */
  succeeded(): void {
    this.#failed.clear();
  }

  backToFirst(): void {
    this.#index = 0;
  }

  /** The present server failed. @returns what to try next: another one, or the least forbidden of those that failed, too. */
  failedNow(now: number, retryAfterMs: number | null): NextServer {
    this.#failed.add(this.#index);
    if (retryAfterMs === null) this.#notBefore.delete(this.#index);
    else this.#notBefore.set(this.#index, now + retryAfterMs);
    const fresh = this.#servers.findIndex((_, index) => !this.#failed.has(index) && this.#waitFor(index, now) === 0);
    if (fresh >= 0) {
      this.#index = fresh;
      return { fresh: true, retryAfterMs: null };
    }
    this.#failed.clear();
    const waits = this.#servers.map((_, index) => this.#waitFor(index, now));
    const least = Math.min(...waits);
    this.#index = waits.indexOf(least);
    return { fresh: false, retryAfterMs: least === 0 ? null : least };
  }

  #waitFor(index: number, now: number): number {
    return Math.max(0, (this.#notBefore.get(index) ?? 0) - now);
  }
}
