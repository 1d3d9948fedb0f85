import {
  findFields,
  type HidField,
  type HidInput,
  type HidWire,
  readField,
  reportBytes,
  TELEPHONY_PAGE,
  writeField,
} from './headset-hid.ts';

/** What a button asks for. `toggle_mute`: the button does not know its own state. */
export type HeadsetAct = 'answer' | 'hang_up' | 'mute' | 'unmute' | 'toggle_mute';

/** What the headset shows: all calls of the desk as one. */
export interface HeadsetLamps {
  ringing: boolean;
  /** A call is being talked, dialled or answered. */
  offHook: boolean;
  muted: boolean;
}

/** HID Usage Tables 1.5: Telephony page (0x0B). */
const HOOK_SWITCH = 0x000b_0020;
const PHONE_MUTE = 0x000b_002f;
/** LED page (0x08). */
const LED_MUTE = 0x0008_0009;
const LED_OFF_HOOK = 0x0008_0017;
const LED_RING = 0x0008_0018;

/** For WebHID's requestDevice and for a shell's own list: any device with a telephony collection. */
export const HEADSET_FILTER = { usagePage: TELEPHONY_PAGE } as const;

/** Whether a device has a hook switch that can be read. */
export function hasHeadsetButtons(device: Pick<HidWire, 'collections'>): boolean {
  return findFields(device.collections, 'inputReports', [HOOK_SWITCH]).length > 0;
}

/**
 * Answer, hang up and mute by the buttons of any headset that speaks the HID telephony usages, and its lamps.
 *
 *   hook switch, latched   0 -> 1 while it rings: answer.  1 -> 0 in a call: hang up.  Anything else is the headset's echo of
 *                          the off-hook lamp, and means nothing.
 *   hook switch, springy   each press: answer while it rings, hang up in a call.
 *   mute, latched          what it says, where that is not what is already so.      mute, springy: each press toggles.
 */
export class HeadsetButtons {
  readonly #device: HidWire;
  readonly #onAct: (act: HeadsetAct) => void;
  readonly #inputs: readonly HidField[];
  readonly #outputs: readonly HidField[];
  readonly #pressed = new Map<HidField, boolean>();
  readonly #sent = new Map<number, string>();
  readonly #listen = (event: HidInput) => this.#heard(event);
  #lamps: HeadsetLamps = { ringing: false, offHook: false, muted: false };
  #sending: Promise<void> = Promise.resolve();

  constructor(device: HidWire, onAct: (act: HeadsetAct) => void) {
    this.#device = device;
    this.#onAct = onAct;
    this.#inputs = findFields(device.collections, 'inputReports', [HOOK_SWITCH, PHONE_MUTE]);
    this.#outputs = findFields(device.collections, 'outputReports', [LED_MUTE, LED_OFF_HOOK, LED_RING]);
  }

  /** @throws DOMException where another program holds the device. */
  async open(): Promise<void> {
    if (!this.#device.opened) await this.#device.open();
    this.#device.addEventListener('inputreport', this.#listen);
    await this.show(this.#lamps);
  }

  /** Dark lamps, and the device is free for other programs. */
  async close(): Promise<void> {
    this.#device.removeEventListener('inputreport', this.#listen);
    await this.show({ ringing: false, offHook: false, muted: false });
    await this.#device.close().catch(() => undefined);
  }

  /** Sets the lamps; reports that would say the same again are not sent. Resolves when they left; never rejects. */
  show(lamps: HeadsetLamps): Promise<void> {
    // Before the bytes leave: the headset's echo is heard with the new state in mind.
    this.#lamps = lamps;
    for (const [reportId, bytes] of this.#reports(lamps)) {
      const text = bytes.join();
      if (this.#sent.get(reportId) === text) continue;
      this.#sent.set(reportId, text);
      this.#sending = this.#sending
        .then(() => this.#device.sendReport(reportId, bytes))
        .catch(() => void this.#sent.delete(reportId));
    }
    return this.#sending;
  }

  #reports(lamps: HeadsetLamps): Map<number, Uint8Array<ArrayBuffer>> {
    const on: Record<number, boolean> = {
      [LED_MUTE]: lamps.muted,
      [LED_OFF_HOOK]: lamps.offHook,
      [LED_RING]: lamps.ringing,
    };
    const sizes = reportBytes(this.#device.collections, 'outputReports');
    const reports = new Map<number, Uint8Array<ArrayBuffer>>();
    for (const field of this.#outputs) {
      const report = reports.get(field.reportId) ?? new Uint8Array(sizes.get(field.reportId) ?? 0);
      reports.set(field.reportId, report);
      if (on[field.usage]) writeField(field, report);
    }
    return reports;
  }

  #heard({ reportId, data }: HidInput): void {
    for (const field of this.#inputs) {
      if (field.reportId !== reportId) continue;
      const value = readField(field, data);
      const before = this.#pressed.get(field) ?? false;
      this.#pressed.set(field, value);
      if (value === before) continue;
      const act = field.usage === HOOK_SWITCH ? this.#hookAct(field, value) : this.#muteAct(field, value);
      if (act) this.#onAct(act);
    }
  }

  #hookAct({ latched }: HidField, value: boolean): HeadsetAct | null {
    const { ringing, offHook } = this.#lamps;
    if (latched && !value) return offHook ? 'hang_up' : null;
    if (!value) return null;
    if (ringing && !offHook) return 'answer';
    return offHook && !latched ? 'hang_up' : null;
  }

  #muteAct({ latched }: HidField, value: boolean): HeadsetAct | null {
    const { offHook, muted } = this.#lamps;
    if (!offHook) return null;
    if (!latched) return value ? 'toggle_mute' : null;
    if (value === muted) return null;
    return value ? 'mute' : 'unmute';
  }
}
