/** One message of Asterisk's manager interface: header names as sent (Event, Channel, Uniqueid), the first of a name wins. */
export type AmiMessage = Readonly<Record<string, string>>;

/** No message that we ask for comes near; a peer that sends one without end is none. */
const LONGEST_MESSAGE = 256 * 1024;

export interface AmiReader {
  /** Takes a piece of the stream as it came. False: this is no manager interface, close it. */
  take: (piece: string) => boolean;
}

/**
 * Cuts the stream into messages, however the network cut it before: CRLF lines, an empty line at the end of each. The greeting
 * ("Asterisk Call Manager/11.0.0") is a line of its own without a colon.
 */
export function createAmiReader(onMessage: (message: AmiMessage) => void): AmiReader {
  let rest = '';
  let greeted = false;
  return {
    take: (piece) => {
      rest += piece;
      if (!greeted) {
        const end = rest.indexOf('\n');
        if (end < 0) return rest.length < 200;
        if (!rest.startsWith('Asterisk Call Manager')) return false;
        greeted = true;
        rest = rest.slice(end + 1);
      }
      for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
        const text = rest.slice(0, end);
        rest = rest.slice(end + 4);
        const message = readAmiMessage(text);
        if (Object.keys(message).length > 0) onMessage(message);
      }
      return rest.length <= LONGEST_MESSAGE;
    },
  };
}

/** Lines that are none of ours ("Output" of a command, garbage) are passed over. */
export function readAmiMessage(text: string): AmiMessage {
  const message: Record<string, string> = Object.create(null);
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim();
    if (!(name in message)) message[name] = line.slice(colon + 1).trim();
  }
  return message;
}

/** An action as it is sent. A line break in a value would be a second header: it is taken out. */
export function amiText(fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, ' ')}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
