import type { HidCollection, HidInput, HidItem, HidWire } from '../../src/telephony/headset-hid.ts';

/** A headset as its report descriptor describes it: it takes and gives bytes, and nothing else. */
export interface FakeHeadset extends HidWire {
  /** Every report that was sent to it: id, then bytes. */
  sent: number[][];
  /** It sends a report. */
  say: (reportId: number, ...bytes: number[]) => void;
  unplugged: boolean;
}

export function fakeHeadset(descriptor: readonly number[], productName = 'Practice headset'): FakeHeadset {
  const listeners = new Set<(event: HidInput) => void>();
  const sent: number[][] = [];
  let opened = false;
  const headset: FakeHeadset = {
    get opened() {
      return opened;
    },
    productName,
    collections: readDescriptor(descriptor),
    sent,
    unplugged: false,
    open: async () => {
      opened = true;
    },
    close: async () => {
      opened = false;
    },
    sendReport: async (reportId, data) => {
      if (headset.unplugged || !opened) throw new DOMException('gone', 'NotAllowedError');
      sent.push([reportId, ...data]);
    },
    addEventListener: (_type, listener) => listeners.add(listener),
    removeEventListener: (_type, listener) => listeners.delete(listener),
    say: (reportId, ...bytes) => {
      const event = { reportId, data: new DataView(Uint8Array.from(bytes).buffer) };
      for (const listener of [...listeners]) listener(event);
    },
  };
  return headset;
}

interface Globals {
  page: number;
  size: number;
  count: number;
  id: number;
  minimum: number;
}

/** Reads the short items of a report descriptor (HID 1.11, 6.2.2.2) the way browsers present them. */
export function readDescriptor(bytes: readonly number[]): HidCollection[] {
  const top: { usagePage: number; inputReports: Report[]; outputReports: Report[] }[] = [];
  const globals: Globals = { page: 0, size: 0, count: 0, id: 0, minimum: 0 };
  let usages: number[] = [];
  let range: [number, number] | null = null;
  let depth = 0;
  for (let at = 0; at < bytes.length; ) {
    const prefix = bytes[at] ?? 0;
    const length = [0, 1, 2, 4][prefix & 3] ?? 0;
    const value = bytes.slice(at + 1, at + 1 + length).reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
    at += 1 + length;
    const usage = length === 4 ? value : globals.page * 0x10000 + value;
    switch (prefix & 0xfc) {
      case 0x04:
        globals.page = value;
        break;
      case 0x14:
        globals.minimum = value;
        break;
      case 0x74:
        globals.size = value;
        break;
      case 0x84:
        globals.id = value;
        break;
      case 0x94:
        globals.count = value;
        break;
      case 0x08:
        usages.push(usage);
        break;
      case 0x18:
        range = [usage, usage];
        break;
      case 0x28:
        range = [range?.[0] ?? usage, usage];
        break;
      case 0xa0:
        if (depth === 0) top.push({ usagePage: globals.page, inputReports: [], outputReports: [] });
        depth += 1;
        break;
      case 0xc0:
        depth -= 1;
        break;
      case 0x80:
      case 0x90: {
        const kind = (prefix & 0xfc) === 0x80 ? 'inputReports' : 'outputReports';
        const collection = top.at(-1);
        if (collection) addItem(collection[kind], globals.id, itemOf(value, globals, usages, range));
        break;
      }
    }
    // Local items end with the next main item.
    if ((prefix & 0x0c) === 0) {
      usages = [];
      range = null;
    }
  }
  return top;
}

interface Report {
  reportId: number;
  items: HidItem[];
}

function addItem(reports: Report[], reportId: number, item: HidItem): void {
  const known = reports.find((report) => report.reportId === reportId);
  if (known) known.items.push(item);
  else reports.push({ reportId, items: [item] });
}

function itemOf(flags: number, globals: Globals, usages: number[], range: [number, number] | null): HidItem {
  return {
    isArray: (flags & 2) === 0 && (flags & 1) === 0,
    isAbsolute: (flags & 4) === 0,
    hasPreferredState: (flags & 0x20) === 0,
    isRange: range !== null,
    usageMinimum: range?.[0],
    usages,
    reportSize: globals.size,
    reportCount: globals.count,
    logicalMinimum: globals.minimum,
  };
}
