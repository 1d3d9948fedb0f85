/** As much of WebHID's HIDDevice as headset buttons need: the page's own, or a fake that speaks bytes. */
export interface HidWire {
  readonly opened: boolean;
  readonly productName: string;
  readonly collections: readonly HidCollection[];
  open: () => Promise<void>;
  close: () => Promise<void>;
  /** Without the report id in front. */
  sendReport: (reportId: number, data: Uint8Array<ArrayBuffer>) => Promise<void>;
  addEventListener: (type: 'inputreport', listener: (event: HidInput) => void) => void;
  removeEventListener: (type: 'inputreport', listener: (event: HidInput) => void) => void;
}

/** `data` does not hold the report id. */
export interface HidInput {
  reportId: number;
  data: DataView;
}

/** HIDCollectionInfo. A collection's reports hold the items of its children, too. */
export interface HidCollection {
  usagePage?: number | undefined;
  inputReports?: readonly HidReport[] | undefined;
  outputReports?: readonly HidReport[] | undefined;
}

interface HidReport {
  reportId?: number | undefined;
  items?: readonly HidItem[] | undefined;
}

/** HIDReportItem. Usages are 32 bits: page, then usage. */
export interface HidItem {
  isAbsolute?: boolean | undefined;
  isArray?: boolean | undefined;
  hasPreferredState?: boolean | undefined;
  isRange?: boolean | undefined;
  usages?: readonly number[] | undefined;
  usageMinimum?: number | undefined;
  reportSize?: number | undefined;
  reportCount?: number | undefined;
  logicalMinimum?: number | undefined;
}

/** Where one usage stands in one report. */
export interface HidField {
  reportId: number;
  usage: number;
  bitOffset: number;
  bits: number;
  /** In an array: the field holds which usage is pressed, and this is the value that means ours. */
  arrayValue: number | null;
  /** False: it springs back by itself (relative, or with a preferred state), so that only pressing counts. */
  latched: boolean;
}

/** HID Usage Tables 1.5, Telephony Device page (0x0B). */
export const TELEPHONY_PAGE = 0x0b;

/** The fields of one kind of report that mean one of these usages, in the order of the bits. */
export function findFields(
  collections: readonly HidCollection[],
  kind: 'inputReports' | 'outputReports',
  usages: readonly number[],
): HidField[] {
  return collections.flatMap((collection) =>
    (collection[kind] ?? []).flatMap((report) => fieldsOf(report).filter((field) => usages.includes(field.usage))),
  );
}

/** How long each report is, in bytes. */
export function reportBytes(collections: readonly HidCollection[], kind: 'inputReports' | 'outputReports') {
  const sizes = new Map<number, number>();
  for (const report of collections.flatMap((collection) => collection[kind] ?? [])) {
    const bits = (report.items ?? []).reduce((sum, item) => sum + bitsOf(item), 0);
    const id = report.reportId ?? 0;
    sizes.set(id, Math.max(sizes.get(id) ?? 0, Math.ceil(bits / 8)));
  }
  return sizes;
}

const bitsOf = (item: HidItem) => (item.reportSize ?? 0) * (item.reportCount ?? 0);

function fieldsOf(report: HidReport): HidField[] {
  const fields: HidField[] = [];
  let offset = 0;
  for (const item of report.items ?? []) {
    fields.push(...itemFields(item, report.reportId ?? 0, offset));
    offset += bitsOf(item);
  }
  return fields;
}

function itemFields(item: HidItem, reportId: number, from: number): HidField[] {
  const bits = item.reportSize ?? 0;
  const count = Math.min(item.reportCount ?? 0, 1024);
  const latched = item.isAbsolute === true && item.hasPreferredState !== true;
  const usageAt = (at: number) => (item.isRange ? (item.usageMinimum ?? 0) + at : (item.usages?.at(at) ?? 0));
  const places = Array.from({ length: count }, (_, place) => from + place * bits);
  if (!item.isArray) {
    const last = (item.usages?.length ?? 1) - 1;
    return places.map((bitOffset, place) => {
      // HID 1.11, 6.2.2.8: where there are fewer usages than fields, the last one stands for the rest.
      const usage = usageAt(item.isRange ? place : Math.min(place, last));
      return { reportId, usage, bitOffset, bits, arrayValue: null, latched };
    });
  }
  const values = item.isRange ? 64 : (item.usages?.length ?? 0);
  return places.flatMap((bitOffset) =>
    Array.from({ length: values }, (_, at) => {
      const arrayValue = (item.logicalMinimum ?? 0) + at;
      return { reportId, usage: usageAt(at), bitOffset, bits, arrayValue, latched: false };
    }),
  );
}

/** Whether the field's usage is on in this report; a report that is too short says no. */
export function readField(field: HidField, data: DataView): boolean {
  let value = 0;
  for (let i = 0; i < Math.min(field.bits, 31); i += 1) {
    const at = field.bitOffset + i;
    if (at >> 3 >= data.byteLength) return false;
    if ((data.getUint8(at >> 3) >> (at & 7)) & 1) value |= 1 << i;
  }
  return field.arrayValue === null ? value !== 0 : value === field.arrayValue;
}

/** Turns the field's usage on in a report. Of a number with several bits the lowest is set: LEDs are on or off. */
export function writeField(field: HidField, report: Uint8Array): void {
  const value = field.arrayValue ?? 1;
  for (let i = 0; i < Math.min(field.bits, 31); i += 1) {
    const at = field.bitOffset + i;
    if (at >> 3 < report.length && (value >> i) & 1) report[at >> 3] = (report[at >> 3] ?? 0) | (1 << (at & 7));
  }
}
