import type { Role } from '../shared/agent.ts';
import type { Id } from '../shared/ids.ts';

/** Who is asking. */
export type Principal =
  | { kind: 'nobody' }
  /** An agent who signed in, by access token. */
  | { kind: 'agent'; agentId: Id; role: Role; deviceId: Id }
  /** A desk, by device token: pushes for whoever once signed in on it. */
  | { kind: 'desk'; rootId: Id }
  /** Whoever can read the admin-token file of this centre. */
  | { kind: 'operator' };
