import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DangolError } from '../../shared/errors.ts';
import { Id, newId } from '../../shared/ids.ts';

/** What a practice call centre remembers between two starts: DIR/sandbox.json, readable by its owner alone. */
export const SandboxState = z.strictObject({
  version: z.literal(1),
  /** Passwords of the practice lines, random for each installation. */
  sipPasswords: z.record(z.string(), z.string().min(20)),
  practiceToken: z.string().min(20),
  nonceSecret: z.string().min(20),
  /** The name under which the setup looks at the centre. */
  deviceId: Id,
  /** What was loaded; null before the first load. `now` is the moment from which the sample's dates are told. */
  sample: z.strictObject({ seed: z.int(), now: z.int(), customers: z.int().min(0) }).nullable(),
});
export type SandboxState = z.infer<typeof SandboxState>;

const secret = () => randomBytes(24).toString('base64url');

/** Reads the state, or begins one. Throws CONFIG_BROKEN when the file cannot be understood: it is never overwritten. */
export function openState(folder: string): { state: SandboxState; save: (state: SandboxState) => void } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'sandbox.json');
  const save = (state: SandboxState) => {
    // Written beside and renamed, so that a cut never leaves half a file.
    writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  const known = readState(file);
  if (known) return { state: known, save };
  const state: SandboxState = {
    version: 1,
    sipPasswords: {},
    practiceToken: secret(),
    nonceSecret: secret(),
    deviceId: newId(),
    sample: null,
  };
  save(state);
  return { state, save };
}

/** The line's password, made at the first question. */
export function sipPasswordOf(state: SandboxState, username: string): string {
  const known = state.sipPasswords[username];
  if (known !== undefined) return known;
  const made = secret();
  state.sipPasswords[username] = made;
  return made;
}

function readState(file: string): SandboxState | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw broken(file, error);
  }
  try {
    return SandboxState.parse(JSON.parse(text));
  } catch (error) {
    throw broken(file, error);
  }
}

function broken(file: string, cause: unknown): DangolError {
  return new DangolError('CONFIG_BROKEN', 'call-administrator', {
    detail: `${file} cannot be read; repair or remove it.`,
    cause,
  });
}
