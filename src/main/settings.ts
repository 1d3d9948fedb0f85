import { DeskSettings } from '../shared/host-types.ts';
import type { WritableDb } from '../sync/sql-db.ts';
import { readKeep, writeKeep } from './keep.ts';
import { KEEP } from './session-keep.ts';

const DEFAULTS: DeskSettings = {
  language: null,
  colorScheme: 'auto',
  ringVolume: 0.8,
  microphone: null,
  speaker: null,
  ringDevice: null,
  noiseSuppression: true,
  echoCancellation: true,
  autoGain: true,
  autoAnswer: 'asked',
  dialKey: null,
  arrangements: {},
};

export function readSettings(outbox: WritableDb): DeskSettings {
  return { ...DEFAULTS, ...readKeep(outbox, KEEP.settings, DeskSettings.partial()) };
}

/** Changes what is given and keeps the rest. */
export function saveSettings(outbox: WritableDb, change: Partial<DeskSettings>): DeskSettings {
  return outbox
    .transaction(() => {
      const next = { ...readSettings(outbox), ...change };
      writeKeep(outbox, KEEP.settings, next);
      return next;
    })
    .immediate();
}
