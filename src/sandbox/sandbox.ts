import { DangolError } from '../shared/errors.ts';
import type { PbxOptions } from './pbx.ts';
import { loadScenarios } from './scenario.ts';
import { openPracticeServer, type PracticeServer } from './server.ts';
import { createCentreClient } from './setup/centre-client.ts';
import { announcePbx, assertPracticeCentre, configureCentre } from './setup/configure.ts';
import { seedSample } from './setup/seed.ts';
import { seedKnowledge } from './setup/seed-knowledge.ts';
import { seedScripts } from './setup/seed-scripts.ts';
import { openState } from './setup/state.ts';
import { PBX_HOST } from './sip/endpoint.ts';

export interface SandboxOptions {
  /** Where PBX and practice API listen, on loopback; 0 takes a free port. */
  port: number;
  centralUrl: string;
  adminToken: string;
  /** Sample customers beside the people of the scenarios. A bigger number at a later start adds. */
  customers: number;
  /** Of a new sample; one that was begun keeps its own. */
  seed: number;
  /** Keeps passwords and how far the sample was loaded. */
  dataFolder: string;
  progress?: (done: number, total: number) => void;
  log?: PbxOptions['log'];
  timing?: PbxOptions['timing'];
  /** Epoch milliseconds from which the dates of a new sample are told. */
  now?: () => number;
  signal?: AbortSignal;
}

export interface Sandbox {
  sipUrl: string;
  practiceUrl: string;
  practiceToken: string;
  pbx: PracticeServer['pbx'];
  /** The line's password, for tests. */
  sipPassword: (username: string) => string | null;
  close: () => Promise<void>;
}

/**
 * Starts the practice call centre: opens the PBX, sets up the business at the centre as an administrator would, loads the
 * sample customers that are missing, and tells the centre where the lines register. Throws DangolError: PORT_IN_USE,
 * CENTRE_UNREACHABLE, FORBIDDEN (no practice centre, wrong token), CONFIG_BROKEN.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { state, save } = openState(options.dataFolder);
  const scenarios = loadScenarios();
  const signal = options.signal;
  const centre = createCentreClient({
    url: options.centralUrl,
    adminToken: options.adminToken,
    ...(signal ? { signal } : {}),
  });
  const sipPassword = (username: string) => state.sipPasswords[username] ?? null;
  const server = await openPracticeServer({
    port: options.port,
    realm: PBX_HOST,
    secret: Buffer.from(state.nonceSecret),
    passwordOf: sipPassword,
    practiceToken: state.practiceToken,
    scenarios,
    log: options.log ?? (() => {}),
    ...(options.timing ? { timing: options.timing } : {}),
  });
  try {
    await assertPracticeCentre(centre);
    const staff = await configureCentre(centre, state);
    save(state);
    await seedSample({
      centre,
      state,
      save,
      staff,
      customers: options.customers,
      seed: options.seed,
      now: (options.now ?? Date.now)(),
      progress: options.progress ?? (() => {}),
      ...(signal ? { signal } : {}),
    });
    await seedKnowledge(centre, state, state.sample?.seed ?? options.seed);
    await seedScripts(centre);
    await announcePbx(centre, state, server);
  } catch (error) {
    await server.close();
    if (error instanceof DangolError) throw error;
    throw new DangolError('INTERNAL', 'call-administrator', { detail: String(error), cause: error });
  }
  return { ...server, practiceToken: state.practiceToken, sipPassword };
}
