import type { AmiSetting, PbxLink } from '../../shared/pbx.ts';
import { type AmiAnswer, type AmiConnection, AmiError, connectAmi } from './ami-connection.ts';
import type { AmiMessage } from './ami-messages.ts';

export interface AmiLinkOptions {
  random: () => number;
  /** The link is up; what it says before this has ended waits. Rejecting closes the link and tries again. */
  onUp: (link: AmiLink) => Promise<void>;
  onEvent: (event: AmiMessage) => void;
  /** Any sign of life. */
  onAlive: () => void;
  /** The state changed. */
  onChange: (state: PbxLink) => void;
  /** For the log: what and why, never a secret. */
  warn: (event: string, why: string) => void;
}

export interface AmiLink {
  state: () => PbxLink;
  /** As AmiConnection.action; rejects with AmiError 'unreachable' while there is no link. */
  action: (fields: Readonly<Record<string, string>>, withinMs?: number) => Promise<AmiAnswer>;
  /** null: no link. The same setting again changes nothing. */
  use: (setting: AmiSetting | null) => void;
  close: () => void;
}

const PING_EVERY_MS = 3000;
const PING_WITHIN_MS = 3000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** A wrong secret does not become right by asking: often enough to notice that somebody corrected it at the PBX, no more. */
const REFUSED_WAIT_MS = 60_000;
const REFUSED_LONGEST_WAIT_MS = 600_000;

/**
 * Keeps one connection to the PBX for ever.
 *
 *   none -> connecting -> up -> (closed, or a ping unanswered) -> down -> waiting with full jitter -> connecting
 *                      -> refused -> waiting a minute and longer -> connecting
 */
export function createAmiLink(options: AmiLinkOptions): AmiLink {
  let setting: AmiSetting | null = null;
  let connection: AmiConnection | null = null;
  let state: PbxLink = 'none';
  let failures = 0;
  /** Grows with each setting: what an older one started is dropped when it arrives. */
  let life = 0;
  let timer: NodeJS.Timeout | undefined;

  const become = (next: PbxLink) => {
    if (state === next) return;
    state = next;
    options.onChange(next);
  };
  const stop = () => {
    life += 1;
    clearTimeout(timer);
    connection?.close();
    connection = null;
  };
  const lost = (failure: AmiError) => {
    stop();
    options.warn('pbx link lost', `${failure.kind}: ${failure.message}`);
    become(failure.kind === 'refused' ? 'refused' : 'down');
    failures += 1;
    timer = setTimeout(() => void open(), waitAfter(failure, failures, options.random));
  };
  const ping = (own: number) => {
    timer = setTimeout(() => {
      connection?.action({ Action: 'Ping' }, PING_WITHIN_MS).then(
        () => {
          if (own === life) ping(own);
        },
        (error: unknown) => {
          if (own === life) lost(asAmiError(error));
        },
      );
    }, PING_EVERY_MS);
  };
  const open = async () => {
    if (setting === null) return;
    const own = life;
    if (state === 'none') become('connecting');
    try {
      const made = await connectAmi({
        ...setting,
        onEvent: (event) => {
          if (own !== life) return;
          options.onAlive();
          if (event) options.onEvent(event);
        },
        onClosed: (failure) => {
          if (own === life) lost(failure);
        },
      });
      if (own !== life) return made.close();
      connection = made;
      await options.onUp(link);
      if (own !== life) return;
      failures = 0;
      become('up');
      ping(own);
    } catch (error) {
      if (own === life) lost(asAmiError(error));
    }
  };
  const link: AmiLink = {
    state: () => state,
    action: (fields, withinMs) => {
      if (!connection) return Promise.reject(new AmiError('unreachable', 'no link to the PBX'));
      return connection.action(fields, withinMs);
    },
    use: (next) => {
      if (JSON.stringify(next) === JSON.stringify(setting)) return;
      stop();
      setting = next;
      failures = 0;
      become(next === null ? 'none' : 'connecting');
      void open();
    },
    close: () => {
      stop();
      setting = null;
    },
  };
  return link;
}

function asAmiError(error: unknown): AmiError {
  return error instanceof AmiError ? error : new AmiError('nonsense', error instanceof Error ? error.name : 'unknown');
}

/** Full jitter: a PBX that comes back is not met by every centre in the same instant. */
function waitAfter({ kind }: AmiError, failures: number, random: () => number): number {
  if (kind === 'refused') {
    // Never at once: half of it is certain, the other half is chance.
    const most = Math.min(REFUSED_LONGEST_WAIT_MS, REFUSED_WAIT_MS * 2 ** (failures - 1));
    return most / 2 + (random() * most) / 2;
  }
  return random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
}
