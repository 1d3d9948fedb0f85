import { createInstance, type i18n, type TFunction } from 'i18next';
import { createContext, createElement, type ReactNode, useContext, useMemo } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import audioEn from '../../assets/locales/en/audio.json' with { type: 'json' };
import callEn from '../../assets/locales/en/call.json' with { type: 'json' };
import customerEn from '../../assets/locales/en/customer.json' with { type: 'json' };
import errorsEn from '../../assets/locales/en/errors.json' with { type: 'json' };
import identityEn from '../../assets/locales/en/identity.json' with { type: 'json' };
import keysEn from '../../assets/locales/en/keys.json' with { type: 'json' };
import knowledgeEn from '../../assets/locales/en/knowledge.json' with { type: 'json' };
import ledgerEn from '../../assets/locales/en/ledger.json' with { type: 'json' };
import messageEn from '../../assets/locales/en/message.json' with { type: 'json' };
import pbxEn from '../../assets/locales/en/pbx.json' with { type: 'json' };
import peopleEn from '../../assets/locales/en/people.json' with { type: 'json' };
import privacyEn from '../../assets/locales/en/privacy.json' with { type: 'json' };
import scriptEn from '../../assets/locales/en/script.json' with { type: 'json' };
import uiEn from '../../assets/locales/en/ui.json' with { type: 'json' };
import audioKo from '../../assets/locales/ko/audio.json' with { type: 'json' };
import callKo from '../../assets/locales/ko/call.json' with { type: 'json' };
import customerKo from '../../assets/locales/ko/customer.json' with { type: 'json' };
import errorsKo from '../../assets/locales/ko/errors.json' with { type: 'json' };
import identityKo from '../../assets/locales/ko/identity.json' with { type: 'json' };
import keysKo from '../../assets/locales/ko/keys.json' with { type: 'json' };
import knowledgeKo from '../../assets/locales/ko/knowledge.json' with { type: 'json' };
import ledgerKo from '../../assets/locales/ko/ledger.json' with { type: 'json' };
import messageKo from '../../assets/locales/ko/message.json' with { type: 'json' };
import pbxKo from '../../assets/locales/ko/pbx.json' with { type: 'json' };
import peopleKo from '../../assets/locales/ko/people.json' with { type: 'json' };
import privacyKo from '../../assets/locales/ko/privacy.json' with { type: 'json' };
import scriptKo from '../../assets/locales/ko/script.json' with { type: 'json' };
import uiKo from '../../assets/locales/ko/ui.json' with { type: 'json' };
import type { Language } from '../shared/text.ts';
import { Formats } from './lib/format.ts';
import { chooseParticles } from './lib/particles.ts';

const NAMESPACES = [
  'ui',
  'audio',
  'call',
  'customer',
  'errors',
  'identity',
  'keys',
  'knowledge',
  'ledger',
  'message',
  'pbx',
  'people',
  'privacy',
  'script',
] as const;

export function createI18n(language: Language): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: [...NAMESPACES],
    defaultNS: 'ui',
    resources: {
      ko: {
        ui: uiKo,
        audio: audioKo,
        call: callKo,
        customer: customerKo,
        errors: errorsKo,
        identity: identityKo,
        keys: keysKo,
        knowledge: knowledgeKo,
        ledger: ledgerKo,
        message: messageKo,
        pbx: pbxKo,
        people: peopleKo,
        privacy: privacyKo,
        script: scriptKo,
      },
      en: {
        ui: uiEn,
        audio: audioEn,
        call: callEn,
        customer: customerEn,
        errors: errorsEn,
        identity: identityEn,
        keys: keysEn,
        knowledge: knowledgeEn,
        ledger: ledgerEn,
        message: messageEn,
        pbx: pbxEn,
        people: peopleEn,
        privacy: privacyEn,
        script: scriptEn,
      },
    },
    // React writes text, never markup: escaping here would show &amp; to people.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return instance;
}

export interface Words {
  t: (key: string, data?: Record<string, string | number>) => string;
  language: Language;
  format: Formats;
}

/** The words and figures of one language. A sentence without data is looked up once: the pop asks for some two hundred. */
export function createWords(translate: TFunction, language: Language): Words {
  const known = new Map<string, string>();
  const look = (key: string) => {
    const text = translate(key);
    known.set(key, text);
    return text;
  };
  return {
    t: (key, data) => (data ? chooseParticles(translate(key, data)) : (known.get(key) ?? look(key))),
    language,
    format: new Formats(language, look('ui:just_now')),
  };
}

const WordsContext = createContext<Words | null>(null);

/** Stands under I18nextProvider, above everything that has words. */
export function WordsProvider({ children }: { children: ReactNode }) {
  const { i18n: instance } = useTranslation([...NAMESPACES]);
  const language: Language = instance.language === 'en' ? 'en' : 'ko';
  const words = useMemo(() => createWords(instance.getFixedT(language), language), [instance, language]);
  return createElement(WordsContext, { value: words }, children);
}

/** The words of the screens: `t('call:answer')`, in the language that is set. */
export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error('No words above this component');
  return words;
}
