import { createInstance, type i18n } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import callEn from '../../assets/locales/en/call.json' with { type: 'json' };
import customerEn from '../../assets/locales/en/customer.json' with { type: 'json' };
import errorsEn from '../../assets/locales/en/errors.json' with { type: 'json' };
import keysEn from '../../assets/locales/en/keys.json' with { type: 'json' };
import uiEn from '../../assets/locales/en/ui.json' with { type: 'json' };
import callKo from '../../assets/locales/ko/call.json' with { type: 'json' };
import customerKo from '../../assets/locales/ko/customer.json' with { type: 'json' };
import errorsKo from '../../assets/locales/ko/errors.json' with { type: 'json' };
import keysKo from '../../assets/locales/ko/keys.json' with { type: 'json' };
import uiKo from '../../assets/locales/ko/ui.json' with { type: 'json' };
import type { Language } from '../shared/text.ts';

const NAMESPACES = ['ui', 'call', 'customer', 'errors', 'keys'] as const;

export function createI18n(language: Language): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: [...NAMESPACES],
    defaultNS: 'ui',
    resources: {
      ko: { ui: uiKo, call: callKo, customer: customerKo, errors: errorsKo, keys: keysKo },
      en: { ui: uiEn, call: callEn, customer: customerEn, errors: errorsEn, keys: keysEn },
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
}

/** The words of the screens: `t('call:answer')`, in the language that is set. */
export function useWords(): Words {
  const { t, i18n: instance } = useTranslation([...NAMESPACES]);
  return { t: (key, data) => t(key, data ?? {}), language: instance.language === 'en' ? 'en' : 'ko' };
}
