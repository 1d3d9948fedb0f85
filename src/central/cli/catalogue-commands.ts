import { CustomValues } from '../../shared/customer.ts';
import { type Command, labelOf, maybe, need, orderOf, put } from './command-options.ts';
import { currentRuleOf } from './current-customer-options.ts';
import { serviceLevelOf } from './service-level-options.ts';
import { CommandProblem } from './terminal.ts';

/** Values of own fields as typed; nothing where nothing was said. */
function customOf(text: string | null): object {
  if (text === null) return {};
  try {
    return { custom: CustomValues.parse(JSON.parse(text)) };
  } catch {
    throw new CommandProblem('--custom is JSON of key and value, for example {"colour": "red"}');
  }
}

/** "골프=Golf,여행": what may be chosen, and what it is called in English where it is called otherwise. */
function choicesOf(text: string | null): object {
  const all = (text?.split(',') ?? []).map((part) => part.split('=').map((word) => word.trim()));
  const named = all.flatMap(([ko = '', en]) => (en ? [[ko, { ko, en }] as const] : []));
  const choices = all.map(([ko = '']) => ko);
  return { choices, ...(named.length > 0 ? { choiceNames: Object.fromEntries(named) } : {}) };
}

/** What a business works with: results of calls, breaks, texts, queues, its own fields, its products. */
export const CATALOGUE_COMMANDS: Record<string, Command> = {
  disposition: {
    usage: 'disposition --code CODE --ko LABEL --en LABEL [--key 1-9] [--order N] [--inactive]',
    about: 'a wrap-up code',
    options: { code: 'text', ko: 'text', en: 'text', key: 'text', order: 'text', inactive: 'switch' },
    run: (call, options) => {
      const code = need(options, 'code');
      const rest = {
        label: labelOf(options),
        key: maybe(options, 'key'),
        order: orderOf(options),
        active: !options.inactive,
      };
      return put(call, 'dispositions', { code, ...rest }, code);
    },
  },
  'break-reason': {
    usage: 'break-reason --code CODE --ko LABEL --en LABEL [--order N] [--inactive]',
    about: 'a reason for a break',
    options: { code: 'text', ko: 'text', en: 'text', order: 'text', inactive: 'switch' },
    run: (call, options) => {
      const code = need(options, 'code');
      return put(
        call,
        'break-reasons',
        { code, label: labelOf(options), order: orderOf(options), active: !options.inactive },
        code,
      );
    },
  },
  'text-block': {
    usage:
      'text-block --code CODE --ko LABEL --en LABEL --text TEXT [--text-ko TEXT] [--text-en TEXT] [--dispositions CODE,CODE] [--order N] [--inactive]',
    about:
      'a sentence that agents call up in a note by /CODE; {{customer}}, {{today}} … in it are filled in at the desk; --text-en is for letters to customers who speak English',
    options: {
      ...{ code: 'text', ko: 'text', en: 'text', text: 'text', dispositions: 'text', order: 'text' },
      ...{ 'text-ko': 'text', 'text-en': 'text' },
      inactive: 'switch',
    },
    run: (call, options) => {
      const code = need(options, 'code');
      const dispositionCodes = maybe(options, 'dispositions')?.split(',') ?? [];
      const [ko, en] = [maybe(options, 'text-ko'), maybe(options, 'text-en')];
      const inLanguage = { ...(ko === null ? {} : { ko }), ...(en === null ? {} : { en }) };
      const rest = {
        ...{ label: labelOf(options), text: need(options, 'text'), dispositionCodes },
        ...(ko === null && en === null ? {} : { inLanguage }),
      };
      return put(call, 'text-blocks', { code, ...rest, order: orderOf(options), active: !options.inactive }, code);
    },
  },
  queue: {
    usage: 'queue --name NAME --ko LABEL --en LABEL',
    about: "a queue as the PBX's X-Queue header names it",
    options: { name: 'text', ko: 'text', en: 'text' },
    run: (call, options) =>
      put(call, 'queues', { name: need(options, 'name'), label: labelOf(options) }, need(options, 'name')),
  },
  'custom-field': {
    usage:
      'custom-field --key KEY --type text|number|date|choice|choices|money|boolean --ko LABEL --en LABEL [--of customer|case|product] [--choices A,B=ENGLISH] [--currency KRW] [--order N] [--sensitive yes|no] [--searchable]',
    about:
      "a field of the business's own, of customers unless said; `choices` are any number of its choices (interests). A sensitive one is masked (free text is, unless it says no); by a --searchable one customers are found",
    options: {
      ...{ key: 'text', type: 'text', ko: 'text', en: 'text', of: 'text', choices: 'text', order: 'text' },
      ...{ currency: 'text', sensitive: 'text', searchable: 'switch' },
    },
    run: (call, options) => {
      const key = need(options, 'key');
      const said = maybe(options, 'sensitive');
      if (said !== null && said !== 'yes' && said !== 'no') throw new CommandProblem('--sensitive is yes or no');
      const currency = maybe(options, 'currency');
      const rest = {
        ...{ label: labelOf(options), type: need(options, 'type'), order: orderOf(options) },
        ...choicesOf(maybe(options, 'choices')),
        ...(said === null ? {} : { sensitive: said === 'yes' }),
        ...(currency === null ? {} : { currency }),
        ...(options.searchable ? { searchable: true } : {}),
      };
      return put(call, 'custom-fields', { entity: maybe(options, 'of') ?? 'customer', key, ...rest }, key);
    },
  },
  'service-level': {
    usage:
      'service-level --zone ZONE --hours DAYS=FROM-TO,… --high MIN/MIN --normal MIN/MIN --low MIN/MIN [--holidays DAY,DAY] [--warn MIN] [--waiting stops|runs]',
    about:
      'what is promised of cases, in minutes of business until the first answer and the solution ("none": nothing); for example --zone Asia/Seoul --hours mon-fri=09:00-18:00,sat=09:00-13:00 --high 30/240 --normal 120/960 --low 480/none',
    options: {
      ...{ zone: 'text', hours: 'text', holidays: 'text', high: 'text', normal: 'text', low: 'text', warn: 'text' },
      waiting: 'text',
    },
    run: (call, options) => put(call, 'service-level', serviceLevelOf(options), 'service level'),
  },
  'current-customer': {
    usage: 'current-customer --any|--all CONDITION,CONDITION | current-customer FILE.json | current-customer --off',
    about:
      'who is a customer now, as the business means it: bought:DAYS, contract, in-use[:CODE|CODE], balance:MORE-THAN, KEY=VALUE, KEY>NUMBER, KEY<DAYSd',
    options: { any: 'text', all: 'text', off: 'switch' },
    run: (call, options, [file]) =>
      put(call, 'current-customer', { rule: currentRuleOf(options, file) }, 'current customer'),
  },
  product: {
    usage: 'product --code CODE --ko NAME --en NAME [--custom JSON] [--inactive]',
    about: 'what the business sells; --custom: values of its own fields of products, as {"KEY": value}',
    options: { code: 'text', ko: 'text', en: 'text', custom: 'text', inactive: 'switch' },
    run: (call, options) => {
      const code = need(options, 'code');
      const custom = customOf(maybe(options, 'custom'));
      return put(call, 'products', { code, name: labelOf(options), active: !options.inactive, ...custom }, code);
    },
  },
};
