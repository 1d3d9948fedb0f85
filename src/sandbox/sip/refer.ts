import type { Core } from 'sip.js';

/** What a desk asks for when it hands its caller over (RFC 3515). */
export interface Referral {
  /** The user part of Refer-To: an extension or a number. */
  target: string;
  /** Call-ID of the call to a colleague that the caller takes over (RFC 3891); null: a blind transfer. */
  replaces: string | null;
  /** X- headers of the address, which the next INVITE carries. */
  headers: string[];
  /** 202, and "trying". */
  accept: () => void;
  /** How it ended, by NOTIFY; only the first word counts. */
  tell: (status: number, phrase: string) => void;
}

/** null, and 400 to the desk, where no address can be read. */
export function readRefer(request: Core.IncomingReferRequest, session: Core.Session): Referral | null {
  const text = request.message.getHeader('refer-to') ?? '';
  const [, user = '', tail = ''] = /<sips?:([^@>;?]+)(?:@[^>?]*)?(\?[^>]*)?>/.exec(text) ?? [];
  if (user === '') {
    request.reject({ statusCode: 400 });
    return null;
  }
  const inAddress = new URLSearchParams(tail);
  let over = false;
  const notify = (status: number, phrase: string, last: boolean) => {
    const state = last ? 'terminated;reason=noresource' : 'active;expires=60';
    const content = `SIP/2.0 ${status} ${phrase}\r\n`;
    session.notify(undefined, {
      extraHeaders: ['Event: refer', `Subscription-State: ${state}`],
      body: { contentDisposition: 'render', contentType: 'message/sipfrag;version=2.0', content },
    });
  };
  return {
    target: decodeURIComponent(user),
    replaces: inAddress.get('Replaces')?.split(';')[0] ?? null,
    headers: [...inAddress].filter(([name]) => /^X-[\w-]+$/i.test(name)).map(([name, value]) => `${name}: ${value}`),
    accept: () => {
      request.accept({ statusCode: 202 });
      notify(100, 'Trying', false);
    },
    tell: (status, phrase) => {
      if (over || session.sessionState === 'Terminated') return;
      over = true;
      notify(status, phrase, true);
    },
  };
}
