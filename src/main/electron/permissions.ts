import type { Session } from 'electron';

/** What the page may ask for, and nothing else: to speak, to hear, to choose the speaker, to tell of a call, headset buttons. */
const ALLOWED: ReadonlySet<string> = new Set(['media', 'notifications', 'speaker-selection', 'hid']);

/** HID Usage Tables 1.5: devices with telephone buttons. */
const TELEPHONY_PAGE = 0x0b;

export interface PermissionQuestion {
  permission: string;
  /** Address or origin of the asking page. */
  asker: string;
  isMainFrame: boolean;
  /** 'media' only: what is wanted. */
  media: readonly string[];
}

/** The one answer to every permission question: the own page's main frame, and of devices only the microphone. */
export function mayHave(question: PermissionQuestion, ownOrigin: string): boolean {
  if (!ALLOWED.has(question.permission) || !question.isMainFrame) return false;
  if (originOf(question.asker) !== ownOrigin) return false;
  return question.permission !== 'media' || (question.media.length > 0 && question.media.every((m) => m === 'audio'));
}

/** As much of a device as its permission depends on. */
export interface DeviceQuestion {
  deviceType: string;
  origin: string;
  device: object;
}

/** Of all devices only headsets, for the own page: what has no telephone buttons (a keyboard, a security key) stays away. */
export function mayUseDevice({ deviceType, origin, device }: DeviceQuestion, ownOrigin: string): boolean {
  return deviceType === 'hid' && originOf(origin) === ownOrigin && isHeadset(device);
}

function isHeadset(device: object): boolean {
  const collections: unknown = Reflect.get(device, 'collections');
  if (!Array.isArray(collections)) return false;
  return collections.some((one: unknown) => {
    return typeof one === 'object' && one !== null && Reflect.get(one, 'usagePage') === TELEPHONY_PAGE;
  });
}

/** Sets the request, check and device handlers of a session. USB and serial devices: none; HID: headsets. */
export function guardPermissions(session: Session, ownOrigin: string): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    answer(mayHave({ permission, asker: details.requestingUrl, isMainFrame: details.isMainFrame, media }, ownOrigin));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    const media = details.mediaType ? [details.mediaType] : [];
    return mayHave({ permission, asker: requestingOrigin, isMainFrame: details.isMainFrame, media }, ownOrigin);
  });
  session.setDevicePermissionHandler((details) => mayUseDevice(details, ownOrigin));
  session.on('select-hid-device', (event, details, choose) => {
    // Without an answer of ours Electron would take the first of whatever there is.
    event.preventDefault();
    const asker = details.frame?.url ?? '';
    const headset = originOf(asker) === ownOrigin ? details.deviceList.find(isHeadset) : undefined;
    choose(headset?.deviceId ?? null);
  });
}

/** `new URL(…).origin` is "null" for app:; this is the origin for both kinds of page. */
export function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.username || url.password) return null;
  return url.host === '' ? null : `${url.protocol}//${url.host}`;
}
