import type { ContactPoint } from '../../shared/contact-point.ts';
import { readPhoneNumber } from '../../shared/phone-number.ts';
import { companyName, familyName, foreignName, koreanName } from './names.ts';
import { foreignNumber, koreanAddress, koreanMobile } from './places.ts';
import { createRandom, type Random, sampleId } from './random.ts';

/** Who a sample customer is, before there is any history. */
export interface Identity {
  index: number;
  kind: 'person' | 'company';
  name: string;
  language: 'ko' | 'en';
  birthYear: number | null;
  contacts: { kind: ContactPoint['kind']; value: string; label: string | null; primary: boolean }[];
}

/**
 * Twenty-five customers at a time form a neighbourhood, so that any customer can be made without the others:
 * 2 and 3 are a couple and share a number, 6 to 8 a family and share the mother's, 20 is a company and 21 works there.
 */
const NEIGHBOURHOOD = 25;
type Place = 'single' | 'couple' | 'family' | 'company' | 'employee' | 'foreigner';
const placeOf = (index: number): Place => {
  const place = index % NEIGHBOURHOOD;
  if (place === 2 || place === 3) return 'couple';
  if (place >= 6 && place <= 8) return 'family';
  if (place === 20) return 'company';
  if (place === 21) return 'employee';
  return place === 13 ? 'foreigner' : 'single';
};
/** The first of the household to which a customer belongs. */
const headOf = (index: number): number => {
  const base = index - (index % NEIGHBOURHOOD);
  const place = placeOf(index);
  if (place === 'couple') return base + 2;
  if (place === 'family') return base + 6;
  return place === 'employee' ? base + 20 : index;
};

export function identityOf(seed: number, index: number): Identity {
  const random = createRandom(seed, 1, index);
  const head = headOf(index);
  const home = createRandom(seed, 2, head);
  const family = familyName(home);
  const address = koreanAddress(home);
  switch (placeOf(index)) {
    case 'company':
      return company(random, index, companyName(home), address);
    case 'foreigner':
      return foreigner(random, index, address);
    case 'employee': {
      const person = korean(random, index, family, address, null);
      person.contacts.push({ kind: 'phone', value: koreanMobile(head), label: '회사', primary: false });
      return person;
    }
    case 'couple':
    case 'family': {
      // A child has the father's family name, a wife her own.
      const name = index === head + 1 ? familyName(random) : family;
      return korean(random, index, name, address, index === head ? null : koreanMobile(head));
    }
    default:
      return korean(random, index, family, address, null);
  }
}

function korean(random: Random, index: number, family: string, address: string, shared: string | null): Identity {
  const birthYear =
    random.weighted([
      [3, 1948],
      [5, 1956],
      [7, 1964],
      [8, 1972],
      [8, 1980],
      [8, 1988],
      [6, 1996],
    ]) + random.int(0, 7);
  const { name, latin } = koreanName(random, family, birthYear);
  const own = koreanMobile(index);
  const contacts: Identity['contacts'] = [{ kind: 'phone', value: own, label: '휴대폰', primary: true }];
  if (shared !== null) {
    const only = random.chance(0.35);
    if (only) contacts.pop();
    contacts.push({ kind: 'phone', value: shared, label: '가족', primary: only });
  }
  if (random.chance(0.7))
    contacts.push({ kind: 'email', value: mail(latin, index, 'example.co.kr'), label: null, primary: true });
  contacts.push({ kind: 'address', value: address, label: '자택', primary: true });
  return { index, kind: 'person', name, language: 'ko', birthYear, contacts };
}

function company(random: Random, index: number, name: string, address: string): Identity {
  return {
    index,
    kind: 'company',
    name,
    language: 'ko',
    birthYear: null,
    contacts: [
      { kind: 'phone', value: koreanMobile(index), label: '대표', primary: true },
      {
        kind: 'email',
        value: mail(random.pick(['admin', 'help', 'office']), index, 'example.co.kr'),
        label: null,
        primary: true,
      },
      { kind: 'address', value: address, label: '사업장', primary: true },
    ],
  };
}

function foreigner(random: Random, index: number, address: string): Identity {
  const { name, latin, country } = foreignName(random);
  const place = Math.floor(index / NEIGHBOURHOOD);
  const abroad = random.chance(0.6) ? foreignNumber(place, country) : null;
  return {
    index,
    kind: 'person',
    name,
    language: 'en',
    birthYear: random.int(1965, 2001),
    contacts: [
      { kind: 'phone', value: koreanMobile(index), label: 'mobile', primary: true },
      ...(abroad === null ? [] : [{ kind: 'phone' as const, value: abroad, label: 'home', primary: false }]),
      { kind: 'email', value: mail(latin, index, 'example.com'), label: null, primary: true },
      { kind: 'address', value: address, label: 'home', primary: true },
    ],
  };
}

const mail = (name: string, index: number, domain: string) => `${name}${index % 1000}@${domain}`;

/** The contact points as rows. */
export function contactRows(seed: number, identity: Pick<Identity, 'index' | 'contacts'>): ContactPoint[] {
  const customerId = sampleId(seed, 'customer', identity.index);
  return identity.contacts.map(({ kind, value, label, primary }, part) => {
    const phone = kind === 'phone' ? readPhoneNumber(value) : null;
    return {
      id: sampleId(seed, 'contact_point', identity.index, part),
      customerId,
      kind,
      value,
      e164: phone?.e164 ?? null,
      last8: phone?.last8 ?? null,
      label,
      primary,
    };
  });
}
