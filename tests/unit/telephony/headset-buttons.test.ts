import { describe, expect, test } from 'vitest';
import { type HeadsetAct, HeadsetButtons, hasHeadsetButtons } from '../../../src/telephony/headset-buttons.ts';
import { type FakeHeadset, fakeHeadset } from '../../fakes/hid-device.ts';

/*
 * Report descriptors written from the HID specification (1.11) and usage tables (1.5). Nobody had a physical headset here.
 * Each line: what the bytes say.
 */
const HEAD = [0x05, 0x0b, 0x09, 0x05, 0xa1, 0x01]; // Telephony, Headset, Collection(Application)

/** Hook switch latched, mute springy; lamps in report 2: the form of most USB headsets. */
const COMMON = [
  ...HEAD,
  ...[0x85, 0x01, 0x05, 0x0b, 0x15, 0x00, 0x25, 0x01], // Report 1, Telephony, 0..1
  ...[0x09, 0x20, 0x75, 0x01, 0x95, 0x01, 0x81, 0x22], // Hook Switch, 1 bit, Data Var Abs NoPreferred
  ...[0x09, 0x2f, 0x81, 0x06], // Phone Mute, Data Var Rel
  ...[0x95, 0x06, 0x81, 0x01], // six bits of padding
  ...[0x85, 0x02, 0x05, 0x08], // Report 2, LED
  ...[0x09, 0x17, 0x09, 0x09, 0x09, 0x18, 0x95, 0x03, 0x91, 0x22], // Off-Hook, Mute, Ring
  ...[0x95, 0x05, 0x91, 0x01, 0xc0], // padding, end
];

/** Everything springy, behind two bytes of something else; one report without an id, lamps in the second byte. */
const SPRINGY = [
  ...HEAD,
  ...[0x05, 0x0c, 0x09, 0xe9, 0x09, 0xea, 0x75, 0x08, 0x95, 0x02, 0x81, 0x06], // two bytes of Consumer volume
  ...[0x05, 0x0b, 0x09, 0x2f, 0x09, 0x20, 0x75, 0x01, 0x95, 0x02, 0x81, 0x06], // Mute, Hook Switch, Rel
  ...[0x95, 0x06, 0x81, 0x01],
  ...[0x05, 0x08, 0x75, 0x08, 0x95, 0x01, 0x91, 0x01], // a byte of padding
  ...[0x09, 0x09, 0x09, 0x17, 0x75, 0x01, 0x95, 0x02, 0x91, 0x22, 0x95, 0x06, 0x91, 0x01, 0xc0], // Mute, Off-Hook
];

/** The pressed button as a number in an array; the mute switch latched. */
const ARRAY = [
  ...HEAD,
  ...[0x85, 0x05, 0x05, 0x0b, 0x15, 0x01, 0x25, 0x03, 0x09, 0x21, 0x09, 0x20, 0x09, 0x24], // Flash, Hook, Redial: 1..3
  ...[0x75, 0x08, 0x95, 0x01, 0x81, 0x00], // one byte, Data Array
  ...[0x15, 0x00, 0x09, 0x2f, 0x75, 0x01, 0x81, 0x22, 0x95, 0x07, 0x81, 0x01, 0xc0], // Mute latched, padding
];

async function plugged(
  descriptor: number[],
): Promise<{ headset: FakeHeadset; buttons: HeadsetButtons; acts: HeadsetAct[] }> {
  const headset = fakeHeadset(descriptor);
  const acts: HeadsetAct[] = [];
  const buttons = new HeadsetButtons(headset, (act) => acts.push(act));
  await buttons.open();
  headset.sent.length = 0;
  return { headset, buttons, acts };
}

const idle = { ringing: false, offHook: false, muted: false };
const ringing = { ...idle, ringing: true };
const talking = { ...idle, offHook: true };

describe('a latched hook switch and a springy mute', () => {
  test('answers, mutes twice, hangs up; the lamps follow bit by bit', async () => {
    const { headset, buttons, acts } = await plugged(COMMON);
    await buttons.show(ringing);
    headset.say(1, 0b01);
    await buttons.show(talking);
    headset.say(1, 0b11);
    headset.say(1, 0b01);
    await buttons.show({ ...talking, muted: true });
    headset.say(1, 0b11);
    headset.say(1, 0b01);
    await buttons.show(talking);
    headset.say(1, 0b00);
    await buttons.show(idle);
    expect(acts).toEqual(['answer', 'toggle_mute', 'toggle_mute', 'hang_up']);
    expect(headset.sent).toEqual([
      [2, 0b100],
      [2, 0b001],
      [2, 0b011],
      [2, 0b001],
      [2, 0b000],
    ]);
  });

  test('the echo of the off-hook lamp is no press: answered and ended on the screen', async () => {
    const { headset, buttons, acts } = await plugged(COMMON);
    await buttons.show(ringing);
    await buttons.show(talking);
    headset.say(1, 0b01);
    await buttons.show(idle);
    headset.say(1, 0b00);
    expect(acts).toEqual([]);
  });

  test('the echo answers no second call that rings meanwhile; the button still ends the one in the ear', async () => {
    const { headset, buttons, acts } = await plugged(COMMON);
    await buttons.show({ ...talking, ringing: true });
    headset.say(1, 0b01);
    expect(acts).toEqual([]);
    headset.say(1, 0b00);
    expect(acts).toEqual(['hang_up']);
  });

  test('without a call nothing happens, and a report of another id, too short or repeated says nothing', async () => {
    const { headset, buttons, acts } = await plugged(COMMON);
    headset.say(1, 0b11);
    headset.say(1, 0b00);
    await buttons.show(ringing);
    headset.say(9, 0b01);
    headset.say(1);
    headset.say(1, 0b01);
    headset.say(1, 0b01);
    expect(acts).toEqual(['answer']);
  });

  test('the same lamps are sent once; a report that was lost is sent again', async () => {
    const { headset, buttons } = await plugged(COMMON);
    await buttons.show(talking);
    await buttons.show(talking);
    headset.unplugged = true;
    await buttons.show(idle);
    headset.unplugged = false;
    await buttons.show(idle);
    expect(headset.sent).toEqual([
      [2, 0b001],
      [2, 0b000],
    ]);
  });

  test('closing puts the lamps out and frees the device', async () => {
    const { headset, buttons, acts } = await plugged(COMMON);
    await buttons.show(talking);
    await buttons.close();
    expect(headset.sent.at(-1)).toEqual([2, 0]);
    expect(headset.opened).toBe(false);
    headset.say(1, 0b01);
    expect(acts).toEqual([]);
  });
});

test('springy buttons behind other fields, in a report without an id', async () => {
  const { headset, buttons, acts } = await plugged(SPRINGY);
  await buttons.show(ringing);
  headset.say(0, 0xff, 0xff, 0b10);
  headset.say(0, 0, 0, 0);
  await buttons.show(talking);
  headset.say(0, 0, 0, 0b01);
  headset.say(0, 0, 0, 0);
  await buttons.show({ ...talking, muted: true });
  headset.say(0, 0, 0, 0b10);
  headset.say(0, 0, 0, 0);
  expect(acts).toEqual(['answer', 'toggle_mute', 'hang_up']);
  expect(headset.sent).toEqual([
    [0, 0, 0b10],
    [0, 0, 0b11],
  ]);
});

test('a hook switch as a number in an array, and a mute switch that stays where it is put', async () => {
  const { headset, buttons, acts } = await plugged(ARRAY);
  await buttons.show(ringing);
  headset.say(5, 1, 0);
  headset.say(5, 2, 0);
  headset.say(5, 0, 0);
  await buttons.show(talking);
  headset.say(5, 0, 1);
  await buttons.show({ ...talking, muted: true });
  headset.say(5, 0, 0);
  await buttons.show(talking);
  headset.say(5, 2, 0);
  expect(acts).toEqual(['answer', 'mute', 'unmute', 'hang_up']);
  expect(headset.sent).toEqual([]);
});

test('a device without a hook switch is no headset with buttons', () => {
  expect(hasHeadsetButtons(fakeHeadset(COMMON))).toBe(true);
  expect(
    hasHeadsetButtons(fakeHeadset([0x05, 0x0c, 0x09, 0x01, 0xa1, 0x01, 0x09, 0xe9, 0x75, 1, 0x95, 1, 0x81, 2, 0xc0])),
  ).toBe(false);
});
