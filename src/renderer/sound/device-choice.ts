import type { RememberedDevice } from '../../shared/host-types.ts';

export type DeviceKind = 'audioinput' | 'audiooutput';

/** As much of a MediaDeviceInfo as is looked at. */
export interface Device {
  kind: string;
  deviceId: string;
  label: string;
  groupId: string;
}

/** Chromium lists these besides the devices that they stand for. */
const STAND_INS: ReadonlySet<string> = new Set(['', 'default', 'communications']);

/** The devices of a kind that can be chosen; the system's own choice is none of them. */
export function choosable(devices: readonly Device[], kind: DeviceKind): Device[] {
  return devices.filter((device) => device.kind === kind && !STAND_INS.has(device.deviceId));
}

export function remember({ deviceId, label, groupId }: Device): RememberedDevice {
  return { id: deviceId.slice(0, 300), label: label.slice(0, 300), group: groupId.slice(0, 300) };
}

/**
 * The remembered device among those that are there, or null. An id alone is not believed where its name is another one; of
 * two headsets of one make the id, then the group, tells which.
 */
export function findDevice(
  devices: readonly Device[],
  kind: DeviceKind,
  remembered: RememberedDevice | null,
): Device | null {
  if (!remembered) return null;
  const there = choosable(devices, kind);
  const name = plainName(remembered.label);
  const named = there.filter((device) => name !== '' && plainName(device.label) === name);
  return (
    named.find((device) => device.deviceId === remembered.id) ??
    named.find((device) => device.groupId === remembered.group) ??
    named.find((device) => device.label === remembered.label) ??
    named[0] ??
    // Without a permission for the microphone no device has a name.
    there.find((device) => device.deviceId === remembered.id && (device.label === '' || name === '')) ??
    null
  );
}

/** Windows counts sockets ("2- Jabra"), Chromium adds the USB ids ("(0b0e:0305)"): both change with the socket. */
function plainName(label: string): string {
  return label
    .replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)\s*$/i, '')
    .replace(/(^|\()\s*\d+\s*-\s+/, '$1')
    .trim()
    .toLowerCase();
}
