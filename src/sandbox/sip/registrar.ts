import type { Core, NameAddrHeader, URI } from 'sip.js';
import type { Digest } from './digest.ts';
import type { SipEndpoint } from './endpoint.ts';
import { ALL_CONTACTS } from './read-message.ts';

/** Where an account can be reached now. One contact for each account: the newest registration wins. */
export interface Binding {
  account: string;
  contact: URI;
  endpoint: SipEndpoint;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface Registrar {
  /** Answers a REGISTER (RFC 3261 section 10.3). */
  register: (endpoint: SipEndpoint, request: Core.IncomingRegisterRequest) => void;
  /** The live binding of an account, or null. */
  find: (account: string) => Binding | null;
  /** Accounts that can be rung now. */
  accounts: () => string[];
  /** Forgets whatever was registered over this endpoint's socket. */
  drop: (endpoint: SipEndpoint) => void;
}

export interface RegistrarOptions {
  digest: Digest;
  now: () => number;
  /** Called after each change, with the account. */
  changed: (account: string, registered: boolean) => void;
}

const MIN_EXPIRES = 30;
const MAX_EXPIRES = 600;

export function createRegistrar(options: RegistrarOptions): Registrar {
  const bindings = new Map<string, Binding>();

  const live = (account: string): Binding | null => {
    const binding = bindings.get(account);
    if (!binding) return null;
    if (binding.expiresAt > options.now() && !binding.endpoint.closed()) return binding;
    bindings.delete(account);
    options.changed(account, false);
    return null;
  };

  const remove = (account: string) => {
    if (bindings.delete(account)) options.changed(account, false);
  };

  const bind = (endpoint: SipEndpoint, account: string, request: Core.IncomingRegisterRequest) => {
    const message = request.message;
    if (!message.hasHeader('contact')) return accept(request, live(account), options.now());
    const contact: NameAddrHeader | undefined = message.parseHeader('contact');
    if (!contact?.uri) return request.reject({ statusCode: 400 });
    const asked = Number(contact.getParam('expires') ?? message.getHeader('expires') ?? MAX_EXPIRES);
    if (!(asked >= 0)) return request.reject({ statusCode: 400 });
    if (contact.uri.toString() === ALL_CONTACTS) {
      if (asked !== 0) return request.reject({ statusCode: 400 });
      remove(account);
      return accept(request, null, options.now());
    }
    if (asked === 0) {
      // Only the owner of a binding takes it away: a window that was replaced must not unregister its successor.
      if (live(account)?.contact.toString() === contact.uri.toString()) remove(account);
      return accept(request, live(account), options.now());
    }
    if (asked < MIN_EXPIRES) return request.reject({ statusCode: 423, extraHeaders: [`Min-Expires: ${MIN_EXPIRES}`] });
    endpoint.account = account;
    const expiresAt = options.now() + Math.min(asked, MAX_EXPIRES) * 1000;
    const binding = { account, contact: contact.uri, endpoint, expiresAt };
    bindings.set(account, binding);
    options.changed(account, true);
    accept(request, binding, options.now());
  };

  return {
    register: (endpoint, request) => {
      const judged = options.digest.judge(request.message.getHeader('authorization'), 'REGISTER');
      if (judged.verdict === 'wrong') return void request.reject({ statusCode: 403 });
      if (judged.verdict !== 'ok') return void challenge(request, options.digest, judged.verdict === 'stale');
      // Whose binding it is stands in To; nobody registers for somebody else.
      if (request.message.to.uri.user !== judged.username) return void request.reject({ statusCode: 403 });
      bind(endpoint, judged.username, request);
    },
    find: live,
    accounts: () => [...bindings.keys()].filter((account) => live(account) !== null),
    drop: (endpoint) => {
      for (const binding of [...bindings.values()]) if (binding.endpoint === endpoint) remove(binding.account);
    },
  };
}

/** 401 with a fresh nonce. */
export function challenge(request: Core.IncomingRequest, digest: Digest, stale: boolean): void {
  request.reject({ statusCode: 401, extraHeaders: [`WWW-Authenticate: ${digest.challenge(stale)}`] });
}

function accept(request: Core.IncomingRegisterRequest, binding: Binding | null, now: number): void {
  const seconds = binding ? Math.round((binding.expiresAt - now) / 1000) : 0;
  request.accept({
    statusCode: 200,
    extraHeaders: [
      ...(binding ? [`Contact: <${binding.contact.toString()}>;expires=${seconds}`] : []),
      `Date: ${new Date(now).toUTCString()}`,
    ],
  });
}
