import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DangolError } from '../../shared/errors.ts';
import type { DeskSettings } from '../../shared/host-types.ts';
import type { Language } from '../../shared/text.ts';
import { type DeskApi, toDangolError } from '../host-client.ts';

export interface SettingsState {
  settings: DeskSettings;
  /** What the screens speak: the setting, or the language of the machine. */
  language: Language;
  problem: DangolError | null;
}

export interface SettingsStore {
  store: StoreApi<SettingsState>;
  take: (settings: DeskSettings) => void;
  /** At once on screen; kept by the host. */
  save: (change: Partial<DeskSettings>) => Promise<void>;
}

export const DEFAULT_SETTINGS: DeskSettings = {
  language: null,
  colorScheme: 'auto',
  ringVolume: 0.7,
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

/** @param systemLanguage navigator.language. Korea is the first market: whatever is not English starts in Korean. */
export function createSettingsStore(api: DeskApi, systemLanguage: string): SettingsStore {
  const fallback: Language = systemLanguage.toLowerCase().startsWith('en') ? 'en' : 'ko';
  const store = createStore<SettingsState>(() => ({ settings: DEFAULT_SETTINGS, language: fallback, problem: null }));
  const take = (settings: DeskSettings) => store.setState({ settings, language: settings.language ?? fallback });
  return {
    store,
    take,
    save: async (change) => {
      take({ ...store.getState().settings, ...change });
      try {
        take(await api.host.saveSettings(change));
        store.setState({ problem: null });
      } catch (error) {
        store.setState({ problem: toDangolError(error) });
      }
    },
  };
}
