import { connect, type Socket } from 'node:net';

/** One message of Asterisk's manager interface: header names as sent, e.g. Event, Channel, Uniqueid. */
type ManagerMessage = Readonly<Record<string, string>>;

/** The PBX's own account of what happens. Every event is kept, so that a test may ask after the fact. */
export interface Manager {
  /** Resolves with the first event that fits, the ones already seen since the last clear() included. */
  event: (what: string, fits: (event: ManagerMessage) => boolean, withinMs?: number) => Promise<ManagerMessage>;
  seen: () => readonly ManagerMessage[];
  clear: () => void;
  /** Sends an action and resolves with its response. */
  action: (fields: Record<string, string>) => Promise<ManagerMessage>;
  /** Ends every call there is and resolves when no channel is left: what a failed test leaves must not ring in the next. */
  endAllCalls: () => Promise<void>;
  close: () => void;
}

interface Waiter {
  fits: (event: ManagerMessage) => boolean;
  resolve: (event: ManagerMessage) => void;
}

export async function connectManager(): Promise<Manager> {
  const socket = connect(5038, '127.0.0.1');
  let events: ManagerMessage[] = [];
  const waiters = new Set<Waiter>();
  const responses = new Map<string, (message: ManagerMessage) => void>();
  let actions = 0;

  onMessage(socket, (message) => {
    const answered = message.ActionID ? responses.get(message.ActionID) : undefined;
    if (message.Response && answered) {
      responses.delete(message.ActionID ?? '');
      answered(message);
    } else if (message.Event) {
      events.push(message);
      for (const waiter of [...waiters]) if (waiter.fits(message)) waiter.resolve(message);
    }
  });
  const action = (fields: Record<string, string>) => {
    actions += 1;
    const id = String(actions);
    const answer = new Promise<ManagerMessage>((resolve) => responses.set(id, resolve));
    const lines = Object.entries({ ...fields, ActionID: id }).map(([name, value]) => `${name}: ${value}`);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return answer;
  };
  const event: Manager['event'] = (what, fits, withinMs = 10_000) => {
    const already = events.find(fits);
    if (already) return Promise.resolve(already);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        reject(new Error(`Asterisk did not say within ${withinMs} ms: ${what}`));
      }, withinMs);
      const waiter: Waiter = {
        fits,
        resolve: (found) => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve(found);
        },
      };
      waiters.add(waiter);
    });
  };

  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const welcome = await action({ Action: 'Login', Username: 'dangol', Secret: 'dangol-manager' });
  if (welcome.Response !== 'Success') throw new Error(`the manager refused: ${welcome.Message}`);
  return {
    event,
    seen: () => events,
    clear: () => {
      events = [];
    },
    action,
    endAllCalls: () => endAllCalls(action),
    close: () => socket.destroy(),
  };
}

function onMessage(socket: Socket, take: (message: ManagerMessage) => void): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    text += String(chunk);
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      take(readMessage(text.slice(0, end)));
      text = text.slice(end + 4);
    }
  });
}

function readMessage(text: string): ManagerMessage {
  const message: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) message[line.slice(0, colon)] = line.slice(colon + 2);
  }
  return message;
}

async function endAllCalls(action: Manager['action']): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const status = await action({ Action: 'CoreStatus' });
    if (status.CoreCurrentCalls === '0') return;
    await action({ Action: 'Hangup', Channel: '/.*/' });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('calls are left in Asterisk that do not end');
}
