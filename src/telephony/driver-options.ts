import type { CallEvent } from './call-machine.ts';
import type { CallMedia } from './call-media.ts';
import type { PhoneEnvironment } from './phone-environment.ts';

export interface DriverOptions {
  environment: PhoneEnvironment;
  media: CallMedia;
  dispatch: (event: CallEvent) => void;
  /** The agent is turned to somebody else: this call may not be heard beside them. */
  aside: () => boolean;
  /** False while there is no socket: a BYE then waits for the next one. */
  connected: () => boolean;
  log: (event: string, data?: Record<string, string | number | boolean>) => void;
}

/** A dialog that a page before this one left. */
export interface ReplacedDialog {
  /** The customer was parked in it. */
  held: boolean;
  /** Ends it, where the PBX does not let it be replaced. */
  end: () => void;
}
