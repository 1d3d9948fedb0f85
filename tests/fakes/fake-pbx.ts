import { createServer, type Server, type Socket } from 'node:net';

type Fields = Record<string, string>;

export interface FakeMember {
  queue: string;
  device: string;
  paused: boolean;
  reason: string;
}
export interface FakeChannel {
  name: string;
  uniqueid: string;
  linkedid: string;
  callId: string;
  /** Running recordings, and whether they are mute. */
  recording: 'none' | 'on' | 'muted';
  /** Further recordings of the same channel. */
  more?: number;
  bridge?: string;
}

/** Asterisk's manager interface on a real port, as the centre sees it: queues, channels, recordings. Scripted, not clever. */
export interface FakePbx {
  port: number;
  /** The only secret it takes. */
  secret: string;
  members: FakeMember[];
  waiting: { queue: string; uniqueid: string; wait: number }[];
  channels: FakeChannel[];
  startedAt: string;
  /** Every action as it came. */
  actions: Fields[];
  logins: number;
  /** 'whole' frames, 'bytes' one by one. */
  send: 'whole' | 'bytes';
  /** Answers these actions with nothing at all. */
  deaf: Set<string>;
  /** Called when an action was answered, before a byte of the answer is on its way: what it says comes in the same piece. */
  answered: (fields: Fields) => void;
  /** Says no to every action, the login included, as Asterisk does while it goes down. */
  goingDown: boolean;
  /** Sends something that nobody asked for, as it is. */
  say: (text: string) => void;
  event: (fields: Fields) => void;
  /** A supervisor pauses or unpauses one member at the PBX's own console. */
  pauseByHand: (device: string, paused: boolean, reason?: string, queue?: string) => void;
  /** Cuts every line; with `stay` nobody may come back until mend(). */
  cut: (options?: { stay: boolean }) => void;
  mend: () => Promise<void>;
  connections: () => number;
  close: () => Promise<void>;
}

export async function startFakePbx(): Promise<FakePbx> {
  const sockets = new Set<Socket>();
  const write = (socket: Socket, text: string) => {
    if (pbx.send === 'whole') socket.write(text);
    else for (const byte of Buffer.from(text)) socket.write(Uint8Array.of(byte));
  };
  const pbx: FakePbx = {
    port: 0,
    secret: 'loopback-secret',
    members: [],
    waiting: [],
    channels: [],
    startedAt: '2026-11-23 08:00:00',
    actions: [],
    logins: 0,
    send: 'whole',
    deaf: new Set(),
    answered: () => {},
    goingDown: false,
    say: (text) => {
      for (const socket of sockets) write(socket, text);
    },
    event: (fields) => pbx.say(textOf(fields)),
    pauseByHand: (device, paused, reason = '', queue) => {
      for (const member of pbx.members) {
        if (member.device !== device || (queue !== undefined && member.queue !== queue)) continue;
        Object.assign(member, { paused, reason: paused ? reason : '' });
        pbx.event({ Event: 'QueueMemberPause', ...memberFields(member), Interface: member.device });
      }
    },
    cut: ({ stay } = { stay: false }) => {
      if (stay) server?.close();
      for (const socket of sockets) socket.destroy();
    },
    mend: async () => {
      server = await listen(accept, pbx.port);
    },
    connections: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server?.close(resolve));
    },
  };
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    write(socket, 'Asterisk Call Manager/11.0.0\r\n');
    let rest = '';
    socket.on('data', (piece) => {
      rest += String(piece);
      for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
        const fields = fieldsOf(rest.slice(0, end));
        rest = rest.slice(end + 4);
        pbx.actions.push(fields);
        if (pbx.deaf.has(fields.Action ?? '')) continue;
        socket.cork();
        for (const message of answerOf(pbx, fields)) write(socket, textOf(message));
        pbx.answered(fields);
        socket.uncork();
      }
    });
  };
  let server: Server | null = await listen(accept, 0);
  const address = server.address();
  pbx.port = typeof address === 'object' && address ? address.port : 0;
  return pbx;
}

function listen(accept: (socket: Socket) => void, port: number): Promise<Server> {
  const server = createServer(accept);
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

const textOf = (fields: Fields) =>
  `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n`;

const fieldsOf = (text: string): Fields =>
  Object.fromEntries(text.split('\r\n').map((line) => [line.split(': ')[0] ?? '', line.slice(line.indexOf(': ') + 2)]));

const memberFields = ({ queue, device, paused, reason }: FakeMember): Fields => ({
  Queue: queue,
  StateInterface: device,
  Paused: paused ? '1' : '0',
  PausedReason: reason,
  Status: '1',
});

/** Every message that one action brings about, its events included. */
function answerOf(pbx: FakePbx, fields: Fields): Fields[] {
  const { ActionID = '' } = fields;
  const ok = (more: Fields = {}): Fields => ({ Response: 'Success', ActionID, ...more });
  const no = (Message: string): Fields => ({ Response: 'Error', ActionID, Message });
  const list = (items: Fields[]): Fields[] => [
    ok({ EventList: 'start' }),
    ...items.map((item) => ({ ...item, ActionID })),
    { Event: 'ListComplete', ActionID, EventList: 'Complete' },
  ];
  if (pbx.goingDown) return [no('Asterisk is shutting down')];
  switch (fields.Action) {
    case 'Login':
      pbx.logins += 1;
      return [fields.Secret === pbx.secret ? ok() : no('Authentication failed')];
    case 'QueueStatus':
      return list([
        ...pbx.members.map((m) => ({ Event: 'QueueMember', ...memberFields(m), Location: m.device })),
        ...pbx.waiting.map((w) => {
          return { Event: 'QueueEntry', Queue: w.queue, Uniqueid: w.uniqueid, Wait: String(w.wait) };
        }),
      ]);
    case 'QueuePause':
      return queuePause(pbx, fields, ok, no);
    case 'CoreStatus': {
      const [CoreStartupDate = '', CoreStartupTime = ''] = pbx.startedAt.split(' ');
      return [ok({ CoreStartupDate, CoreStartupTime })];
    }
    case 'CoreShowChannels':
      return list(
        pbx.channels.map(({ name, uniqueid, linkedid, bridge = '' }) => {
          return { Event: 'CoreShowChannel', Channel: name, Uniqueid: uniqueid, Linkedid: linkedid, BridgeId: bridge };
        }),
      );
    default:
      return channelAnswer(pbx, fields, ok, no);
  }
}

type Answer<A extends unknown[]> = (...args: A) => Fields;

/** As Asterisk: the answer first, the events after it. */
function queuePause(pbx: FakePbx, fields: Fields, ok: Answer<[]>, no: Answer<[string]>): Fields[] {
  const members = pbx.members.filter((member) => member.device === fields.Interface);
  if (members.length === 0) return [no('Interface not found')];
  const paused = fields.Paused === 'true';
  for (const member of members) Object.assign(member, { paused, reason: paused ? (fields.Reason ?? '') : '' });
  const events = members.map((m) => ({ Event: 'QueueMemberPause', ...memberFields(m), Interface: m.device }));
  return [ok(), ...events];
}

function channelAnswer(pbx: FakePbx, fields: Fields, ok: Answer<[Fields?]>, no: Answer<[string]>): Fields[] {
  const channel = pbx.channels.find(({ name }) => name === fields.Channel);
  if (fields.Action === 'Ping') return [ok({ Ping: 'Pong' })];
  if (!channel) return [no('No such channel')];
  const { name, uniqueid, linkedid } = channel;
  const event = (Event: string, more: Fields = {}) => ({
    Event,
    Channel: name,
    Uniqueid: uniqueid,
    Linkedid: linkedid,
    ...more,
  });
  switch (fields.Action) {
    case 'Getvar':
      return [ok({ Value: channel.callId })];
    case 'MixMonitor':
      channel.recording = 'on';
      return [ok(), event('MixMonitorStart')];
    case 'MixMonitorMute': {
      if (channel.recording === 'none') return [no('Cannot set mute flag')];
      channel.recording = fields.State === '1' ? 'muted' : 'on';
      const { Direction = '', State = '' } = fields;
      return [ok(), event('MixMonitorMute', { Direction, State })];
    }
    case 'StopMixMonitor':
      if (channel.recording === 'none') return [no('Could not stop monitoring channel')];
      // One at a time, as Asterisk does.
      if (channel.more) channel.more -= 1;
      else channel.recording = 'none';
      return [ok(), event('MixMonitorStop')];
    default:
      return [no('Invalid/unknown command')];
  }
}
