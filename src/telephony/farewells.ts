/** A BYE or CANCEL that nobody answered for this long is not said again (Timer F of RFC 3261 section 17.1.2.2). */
const PATIENCE_MS = 32_000;

interface Farewell {
  message: string;
  /** Epoch ms. */
  at: number;
}

/**
 * BYEs and CANCELs that were sent and not yet answered. A socket can die with one of them in it, before either side knows:
 * then it must be said again on the next socket, or the customer goes on talking to nobody. It is the same message with the
 * same branch, so a server that did hear it takes it for a repetition (RFC 3261 section 17.2.3).
 */
export class Farewells {
  readonly #now: () => number;
  readonly #unanswered = new Map<string, Farewell>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Every message on its way out. */
  sent(message: string): void {
    if (message.startsWith('BYE ') || message.startsWith('CANCEL ')) {
      this.#unanswered.set(keyOf(message), { message, at: this.#now() });
    }
  }

  /** Any final response that came in, by Call-ID and method. */
  answered(callId: string, method: string | undefined): void {
    if (method) this.#unanswered.delete(`${callId} ${method}`);
  }

  /** What must be said again on a new socket. */
  unanswered(): string[] {
    const oldest = this.#now() - PATIENCE_MS;
    for (const [key, { at }] of this.#unanswered) if (at < oldest) this.#unanswered.delete(key);
    return [...this.#unanswered.values()].map(({ message }) => message);
  }
}

function keyOf(message: string): string {
  const callId = /^Call-ID: *(.*)$/im.exec(message)?.[1]?.trim() ?? '';
  return `${callId} ${message.slice(0, message.indexOf(' '))}`;
}
