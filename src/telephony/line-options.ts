import type { PhoneEnvironment } from './phone-environment.ts';
import type { RegistrationState } from './phone-types.ts';
import type { Registration } from './registration.ts';
import type { ServerList } from './server-list.ts';
import type { Wire } from './wire.ts';

export interface LineOptions {
  servers: ServerList;
  wire: Wire;
  registration: Registration;
  environment: PhoneEnvironment;
  /** Sends a request that any SIP server answers. */
  probe: () => void;
  /** True while a call is live. */
  busy: () => boolean;
  changed: (state: RegistrationState) => void;
  /** There is a new socket; nothing is registered on it yet. */
  opened: () => void;
  /** An emergency call waits for a socket: no try waits longer than a second. */
  urgent: () => boolean;
  /** Registered on a new socket: dialogs must be told. */
  reconnected: () => void;
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
}

/*
 *              +------------------------------ wake, timer -----------------------------+
 *              v                                                                        |
 *  stopped -> connecting --socket open, REGISTER--> registered --refused, lost--> retrying
 *              |                                        ^  | refresh at half the expiry ^
 *              |                                        +--+                            |
 *              +------------------- refused, no answer, wrong password -----------------+
 *
 *  retired (another window has the line): the socket is kept and opened again, nothing is registered; shown as stopped.
 */
