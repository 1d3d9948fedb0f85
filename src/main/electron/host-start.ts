import { mkdirSync } from 'node:fs';
import { DangolError } from '../../shared/errors.ts';
import type { HostStart } from '../../shared/key-hand-over.ts';
import { readDeskFile } from '../desk-file.ts';
import { type KeyWrapper, openDataKey } from './data-key.ts';
import type { HostFailure } from './host-messages.ts';
import type { ShellConfig } from './shell-config.ts';

/**
 * What a new host is told first, or why it cannot be started. Practice data is keyed by a file in both shells, so that
 * either may open what the other wrote.
 * @param given.dataFolder where both databases and dangol.json lie; made if it is not there.
 */
export function makeHostStart(
  config: ShellConfig,
  given: { dataFolder: string; version: string; keys: KeyWrapper },
): HostStart | HostFailure {
  const { dataFolder, version } = given;
  const { practice, demoLogin } = config;
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    const file = readDeskFile(dataFolder, config);
    const key = practice ? { kind: 'none' as const } : openDataKey(dataFolder, given.keys);
    if (key.kind === 'missing') throw new DangolError('KEY_MISSING', 'call-administrator', { detail: key.detail });
    const dataKey = key.kind === 'key' ? key.dataKey : null;
    return { type: 'start', dataFolder, dataKey, ...file, practice, demoLogin, version };
  } catch (error) {
    const known = error instanceof DangolError ? error : diskError(error);
    return { type: 'failed', code: known.code, next: known.next, detail: known.message };
  }
}

function diskError(error: unknown): DangolError {
  const detail = error instanceof Error && 'code' in error ? String(error.code) : 'the data folder cannot be used';
  return new DangolError('DISK_ERROR', 'call-administrator', { detail });
}
