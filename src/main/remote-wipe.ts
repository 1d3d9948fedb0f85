import { z } from 'zod';
import type { Agent } from '../shared/agent.ts';
import { DeskOrder } from '../shared/desk-wipe.ts';
import type { CentralClient } from './central-client.ts';
import type { HostContext } from './host-context.ts';
import { saveNote } from './notes.ts';

/** Listens for the order to wipe this desk, and carries it out. */
export interface RemoteWipe {
  /** The centre turned somebody away: perhaps that is why. */
  suspect: () => void;
  close: () => void;
}

export interface RemoteWipeParts {
  context: HostContext;
  central: CentralClient;
  /** The desk's own credential: the order comes whoever is signed in, or nobody. */
  deviceToken: () => string | null;
  /** Nobody works here any more: the screen locks at once. */
  shut: () => void;
  /** Ends everything and removes the data; afterwards nothing of the store may be touched. Called again where it failed. */
  wipe: () => Promise<void>;
  /** Everything is gone, and the centre was told. */
  onWiped: () => void;
}

const ASK_EVERY_MS = 120_000;
const LOOK_EVERY_MS = 2000;
/** With the centre there, work that could not be handed in within this time does not get there at all. */
const HAND_IN_MAX_MS = 10 * 60_000;
const TELL_TRIES = 3;

/** An order that is being carried out. It cannot be taken back, and no failure of this desk's disk ends it. */
interface Order {
  token: string;
  handIn: boolean;
  /** Epoch ms: after that nothing is waited for. */
  until: number;
  locked: boolean;
}

export function createRemoteWipe(parts: RemoteWipeParts): RemoteWipe {
  const { context, central } = parts;
  const { clock, log } = context;
  let cancel = () => {};
  let closed = false;
  let order: Order | null = null;

  const failed = (event: string, error: unknown) => log(event, { code: codeOf(error) });
  const later = (delayMs: number, run: () => Promise<void>) => {
    cancel();
    if (closed) return;
    cancel = clock.schedule(delayMs, () => {
      run().catch((error: unknown) => {
        failed('wipe.failed', error);
        later(ASK_EVERY_MS, run);
      });
    });
  };
  const ask = async (): Promise<void> => {
    const token = parts.deviceToken();
    if (token === null || order !== null || closed) return later(ASK_EVERY_MS, ask);
    const { wipe } = await central.ask({ path: '/v1/desk/order', token, answer: DeskOrder });
    if (closed || wipe === null) return later(ASK_EVERY_MS, ask);
    order = { token, handIn: wipe.handIn, until: clock.now() + HAND_IN_MAX_MS, locked: false };
    log('wipe.ordered', { handIn: wipe.handIn });
    context.wake();
    await obey(order);
  };
  const obey = async (now: Order): Promise<void> => {
    lock(now);
    if (now.handIn && clock.now() < now.until && handIn() > 0) return later(LOOK_EVERY_MS, () => obey(now));
    await carryOut(now.token);
  };
  const lock = (now: Order): void => {
    if (now.locked) return;
    try {
      parts.shut();
      now.locked = true;
    } catch (error) {
      failed('wipe.lock_not_kept', error);
    }
  };
  /** Returns how much is still to be sent; more than nothing where that cannot be found out. */
  const handIn = (): number => {
    try {
      handInDrafts(context);
      return countLeft(context).unsent;
    } catch (error) {
      failed('wipe.hand_in_failed', error);
      return 1;
    }
  };
  const carryOut = async (token: string): Promise<void> => {
    closed = true;
    const { lost } = countLeft(context);
    while (!(await wiped())) await new Promise<void>((go) => clock.schedule(ASK_EVERY_MS, go));
    await tell(token, lost);
    parts.onWiped();
  };
  const wiped = async (): Promise<boolean> => {
    try {
      await parts.wipe();
      return true;
    } catch (error) {
      failed('wipe.failed', error);
      return false;
    }
  };
  /** The credential is in memory alone by now: what the centre does not hear in these tries it never does. */
  const tell = async (token: string, lost: number): Promise<void> => {
    for (let tries = 1; tries <= TELL_TRIES; tries += 1) {
      try {
        const request = {
          method: 'POST',
          path: '/v1/desk/wiped',
          body: { lost },
          token,
          answer: z.object({}),
        } as const;
        await central.ask(request);
        return;
      } catch {
        log('wipe.not_told', { tries });
      }
    }
  };
  later(0, ask);
  return {
    suspect: () => {
      if (order === null) later(0, ask);
    },
    close: () => {
      closed = true;
      cancel();
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
}

/** What the centre does not have: still to be sent, and everything that will be lost with this desk. */
function countLeft({ outbox }: HostContext): { unsent: number; lost: number } {
  const count = (sql: string) => (outbox.prepare(sql).get() as { n: number }).n;
  const unsent = count(`SELECT count(*) AS n FROM operation WHERE status = 'pending'`);
  const held = count(`SELECT count(*) AS n FROM operation WHERE status IN ('quarantined', 'rejected')`);
  const drafts = count(`SELECT count(*) AS n FROM draft WHERE trim(text) <> ''`);
  return { unsent, lost: unsent + held + drafts };
}

interface DraftRow {
  note_id: string;
  author_id: string;
  call_id: string | null;
  customer_id: string | null;
  text: string;
}

/** What was typed and not saved becomes notes of those who typed it: nobody will come back to this desk to save them. */
function handInDrafts(context: HostContext): void {
  const drafts = context.outbox
    .prepare(`SELECT * FROM draft WHERE trim(text) <> '' AND (call_id IS NOT NULL OR customer_id IS NOT NULL)`)
    .all() as DraftRow[];
  const agentOf = context.cache.prepare('SELECT data FROM agent WHERE id = ?');
  for (const { note_id: noteId, author_id, call_id: callId, customer_id: customerId, text } of drafts) {
    const row = agentOf.get(author_id) as { data: string } | undefined;
    if (!row) continue;
    const author = JSON.parse(row.data) as Agent;
    const note = { noteId, callId, customerId, text: text.trim() };
    saveNote({ ...context, seat: { ...seatOf(context), author: () => author } }, note);
  }
}

/** A seat is an object with methods on its prototype: spreading it would lose them. */
function seatOf({ seat }: HostContext): HostContext['seat'] {
  return {
    author: () => seat.author(),
    reader: () => seat.reader(),
    policy: () => seat.policy(),
    currentRule: () => seat.currentRule?.() ?? null,
    isLine: (extension) => seat.isLine(extension),
    country: () => seat.country(),
  };
}
