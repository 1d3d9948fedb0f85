import { afterEach, describe, expect, test } from 'vitest';
import type { HidPort } from '../../../src/renderer/stores/headset-store.ts';
import type { HidWire } from '../../../src/telephony/headset-hid.ts';
import { type FakeHeadset, fakeHeadset } from '../../fakes/hid-device.ts';
import { readyWorld, type World } from './world.ts';

/** Hook switch latched and mute springy in report 1; Off-Hook, Mute, Ring in report 2. */
const DESCRIPTOR = [
  ...[0x05, 0x0b, 0x09, 0x05, 0xa1, 0x01, 0x85, 0x01, 0x15, 0x00, 0x25, 0x01],
  ...[0x09, 0x20, 0x75, 0x01, 0x95, 0x01, 0x81, 0x22, 0x09, 0x2f, 0x81, 0x06, 0x95, 0x06, 0x81, 0x01],
  ...[0x85, 0x02, 0x05, 0x08, 0x09, 0x17, 0x09, 0x09, 0x09, 0x18, 0x95, 0x03, 0x91, 0x22, 0x95, 0x05, 0x91, 0x01, 0xc0],
];

class Port implements HidPort {
  allowed: FakeHeadset[] = [];
  asked = 0;
  /** What the agent chooses when the browser asks. */
  chosen: FakeHeadset[] = [];
  readonly #listeners: [string, (event: { device: HidWire }) => void][] = [];
  getDevices = async () => this.allowed;
  requestDevice = async () => {
    this.asked += 1;
    return this.chosen;
  };
  addEventListener = (type: string, listener: (event: { device: HidWire }) => void) => {
    this.#listeners.push([type, listener]);
  };
  tell(type: 'connect' | 'disconnect', device: HidWire): void {
    for (const [wanted, listener] of this.#listeners) if (wanted === type) listener({ device });
  }
}

let world: World;
afterEach(() => world.close());
const status = () => world.desk.headset.store.getState().status;
const lamps = (headset: FakeHeadset) => headset.sent.at(-1);
const call = () => world.line.asked;

describe('the buttons of the headset', () => {
  test('one that was allowed before is taken by itself; it answers, mutes and hangs up, and its lamps follow', async () => {
    const headset = fakeHeadset(DESCRIPTOR);
    const hid = new Port();
    hid.allowed = [headset];
    world = await readyWorld({ hid });
    await world.until(() => status() === 'connected');
    const callId = world.line.ring();
    await world.until(() => lamps(headset)?.[1] === 0b100);
    headset.say(1, 0b01);
    expect(call()).toEqual([`answer ${callId}`]);
    await world.until(() => lamps(headset)?.[1] === 0b001);
    headset.say(1, 0b11);
    headset.say(1, 0b01);
    await world.until(() => lamps(headset)?.[1] === 0b011);
    const live = () => world.desk.calls.store.getState().calls[0]?.live;
    expect(live()).toMatchObject({ muted: true });
    world.desk.line.phone()?.setMuted(callId, false);
    await world.until(() => lamps(headset)?.[1] === 0b001);
    headset.say(1, 0b00);
    expect(call().at(-1)).toBe(`hangUp ${callId}`);
    await world.until(() => lamps(headset)?.[1] === 0);
  });

  test('the browser asks once; pulled and plugged in again it works on', async () => {
    const headset = fakeHeadset(DESCRIPTOR);
    const hid = new Port();
    hid.chosen = [headset];
    world = await readyWorld({ hid });
    expect(status()).toBe('none');
    await world.desk.headset.connect();
    expect([status(), hid.asked]).toEqual(['connected', 1]);
    hid.tell('disconnect', headset);
    expect(status()).toBe('none');
    const again = fakeHeadset(DESCRIPTOR);
    hid.tell('connect', again);
    await world.until(() => status() === 'connected');
    world.line.ring();
    await world.until(() => lamps(again)?.[1] === 0b100);
  });

  test('held by another program, without telephone buttons, nothing chosen, no WebHID: each has its word', async () => {
    const held = fakeHeadset(DESCRIPTOR);
    held.open = () => Promise.reject(new DOMException('held', 'NotAllowedError'));
    const hid = new Port();
    world = await readyWorld({ hid });
    hid.chosen = [held];
    await world.desk.headset.connect();
    expect(status()).toBe('busy');
    hid.chosen = [fakeHeadset([0x05, 0x0c, 0x09, 0x01, 0xa1, 0x01, 0x09, 0xe9, 0x75, 1, 0x95, 1, 0x81, 2, 0xc0])];
    await world.desk.headset.connect();
    expect(status()).toBe('no_buttons');
    world.close();
    world = await readyWorld();
    await world.desk.headset.connect();
    expect(status()).toBe('unsupported');
  });

  test('hung up while a colleague is consulted: the customer is back, and a customer on hold is never hung up', async () => {
    const headset = fakeHeadset(DESCRIPTOR);
    const hid = new Port();
    hid.allowed = [headset];
    world = await readyWorld({ hid });
    await world.until(() => status() === 'connected');
    const customer = world.line.ring();
    await world.until(() => lamps(headset)?.[1] === 0b100);
    headset.say(1, 0b01);
    const consult = world.desk.line.phone()?.consult(customer, '102') ?? '';
    world.line.talk(consult);
    headset.say(1, 0b00);
    expect(call()).toContain(`hangUp ${consult}`);
    const live = () => world.desk.calls.store.getState().calls.find(({ callId }) => callId === customer)?.live;
    expect(live()).toMatchObject({ phase: 'talking', hold: 'none' });
    world.desk.line.phone()?.hold(customer);
    expect(live()).toMatchObject({ hold: 'held' });
    headset.say(1, 0b01);
    headset.say(1, 0b00);
    expect(call()).not.toContain(`hangUp ${customer}`);
    expect(live()).toMatchObject({ phase: 'talking', hold: 'none' });
  });
});
