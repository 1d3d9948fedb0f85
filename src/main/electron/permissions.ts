import type { Session } from 'electron';

/** What the page may ask for, and nothing else: to speak, to hear, to choose the speaker, to tell of a call. */
const ALLOWED: ReadonlySet<string> = new Set(['media', 'notifications', 'speaker-selection']);

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

/** Sets the request, check and device handlers of a session. USB, HID and serial devices: none. */
export function guardPermissions(session: Session, ownOrigin: string): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    answer(mayHave({ permission, asker: details.requestingUrl, isMainFrame: details.isMainFrame, media }, ownOrigin));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    const media = details.mediaType ? [details.mediaType] : [];
    return mayHave({ permission, asker: requestingOrigin, isMainFrame: details.isMainFrame, media }, ownOrigin);
  });
  session.setDevicePermissionHandler(() => false);
}

/** `new URL(…).origin` is "null" for app:; this is the origin for both kinds of page. */
export function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.username || url.password) return null;
  return url.host === '' ? null : `${url.protocol}//${url.host}`;
}
