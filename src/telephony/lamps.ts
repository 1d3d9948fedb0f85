import type { Notification, UserAgent } from 'sip.js';
import { DialogInfo, readMessageSummary } from './event-bodies.ts';
import type { PhoneEnvironment } from './phone-environment.ts';
import type { PhoneStore } from './phone-store.ts';
import type { Presence } from './phone-types.ts';
import { Subscription } from './subscription.ts';
import { targetUri } from './target.ts';

export interface LampsOptions {
  userAgent: UserAgent;
  environment: PhoneEnvironment;
  store: PhoneStore;
  domain: string;
}

const MOST_WATCHED = 50;
/** A hall of desks that comes back does not ask the PBX everything in the same instant. */
const SPREAD_MS = 2_000;
const STEP_MS = 20;

/** What the PBX tells without a call: the mailbox (RFC 3842) and what colleagues do (RFC 4235). */
export class Lamps {
  readonly #options: LampsOptions;
  readonly #mailbox: Subscription;
  readonly #watched = new Map<string, Subscription>();
  #online = false;

  constructor(options: LampsOptions) {
    this.#options = options;
    const { userAgent, environment } = options;
    this.#mailbox = new Subscription({
      userAgent,
      environment,
      target: userAgent.configuration.uri,
      event: 'message-summary',
      accept: 'application/simple-message-summary',
      told: (body) => this.#mailTold(body),
      // The last count stays: a PBX may tell it unasked, and an old number is better than a lamp that goes out.
      silent: () => {},
    });
  }

  /** Registered on a new socket. */
  online(): void {
    this.#online = true;
    const delay = this.#options.environment.random() * SPREAD_MS;
    this.#mailbox.start(delay);
    let step = 0;
    for (const subscription of this.#watched.values()) subscription.start(delay + ++step * STEP_MS);
  }

  /** There is no line: what was told is not known any more. */
  offline(): void {
    if (!this.#online) return;
    this.#online = false;
    this.#mailbox.stop(false);
    for (const subscription of this.#watched.values()) subscription.stop(false);
    this.#show(Object.fromEntries([...this.#watched.keys()].map((extension) => [extension, 'unknown' as const])));
  }

  watch(extensions: readonly string[]): void {
    const wanted = new Set(extensions.filter((extension) => extension.trim() !== '').slice(0, MOST_WATCHED));
    for (const [extension, subscription] of this.#watched) {
      if (wanted.has(extension)) continue;
      subscription.stop(this.#online);
      this.#watched.delete(extension);
    }
    const known = this.#options.store.state().presence;
    this.#show(Object.fromEntries([...wanted].map((extension) => [extension, known[extension] ?? 'unknown'])));
    let step = 0;
    for (const extension of wanted) {
      if (this.#watched.has(extension)) continue;
      const subscription = this.#subscription(extension);
      if (!subscription) continue;
      this.#watched.set(extension, subscription);
      if (this.#online) subscription.start(step++ * STEP_MS);
    }
  }

  /** A NOTIFY that nobody asked for: many PBXs tell of the mailbox that way. */
  unsolicited(notification: Notification): void {
    const event = notification.request.getHeader('event') ?? '';
    if (!/^\s*message-summary\s*(;|$)/i.test(event)) {
      notification.reject({ statusCode: 489 }).catch(() => {});
      return;
    }
    notification.accept().catch(() => {});
    this.#mailTold(notification.request.body);
  }

  #subscription(extension: string): Subscription | null {
    const { userAgent, environment, domain } = this.#options;
    const target = targetUri(extension, domain);
    if (!target) return null;
    let calls = new DialogInfo();
    return new Subscription({
      userAgent,
      environment,
      target,
      event: 'dialog',
      accept: 'application/dialog-info+xml',
      told: (body) => this.#tell(extension, calls.read(body)),
      silent: () => {
        calls = new DialogInfo();
        this.#tell(extension, 'unknown');
      },
    });
  }

  #tell(extension: string, presence: Presence): void {
    const known = this.#options.store.state().presence;
    if (known[extension] !== presence) this.#show({ ...known, [extension]: presence });
  }

  #show(presence: Readonly<Record<string, Presence>>): void {
    this.#options.store.news({ presence });
  }

  #mailTold(body: string): void {
    const voicemail = readMessageSummary(body);
    if (voicemail) this.#options.store.news({ voicemail });
  }
}
