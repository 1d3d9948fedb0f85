import { Core, type URI } from 'sip.js';
import { Grammar } from 'sip.js/lib/grammar/index.js';
import { WebSocket } from 'ws';

/**
 * One desk's side of the PBX: SIP.js's user agent core behind one WebSocket. A core speaks to one peer, and RFC 7118
 * makes a WebSocket exactly that, so the PBX has one core for each socket and no transaction layer of its own.
 */
export interface SipEndpoint {
  readonly core: Core.UserAgentCore;
  /** The account that proved its password on this socket; null before. */
  account: string | null;
  /** The socket that messages leave by. A desk that lost its socket in a call comes back with another one. */
  socket: WebSocket;
  /** The remote address, for the log. */
  readonly closed: () => boolean;
}

export interface EndpointOptions {
  socket: WebSocket;
  /** Another open socket of the same account, for messages of a call whose own socket is gone. */
  otherSocket: (endpoint: SipEndpoint) => WebSocket | null;
  delegate: (endpoint: SipEndpoint) => Core.UserAgentCoreDelegate;
}

/** The PBX as it names itself in Via, Contact and From. Never resolved: answers go back by the socket (RFC 7118 section 5). */
export const PBX_HOST = 'practice.invalid';

export function createEndpoint(options: EndpointOptions): SipEndpoint {
  const transport: Core.Transport = {
    protocol: 'WS',
    send: async (message) => {
      const open = endpoint.socket.readyState === WebSocket.OPEN ? endpoint.socket : options.otherSocket(endpoint);
      if (!open) throw new Core.TransportError('The socket of this desk is closed.');
      open.send(message);
    },
  };
  const delegate: Core.UserAgentCoreDelegate = {};
  const endpoint: SipEndpoint = {
    core: new Core.UserAgentCore(coreConfiguration(transport), delegate),
    account: null,
    socket: options.socket,
    closed: () => endpoint.socket.readyState !== WebSocket.OPEN,
  };
  Object.assign(delegate, options.delegate(endpoint));
  return endpoint;
}

/** sip:user@host of the PBX. */
export function pbxUri(user: string, host = PBX_HOST): URI {
  const uri = Grammar.URIParse(`sip:${userPart(user)}@${host}`);
  if (!uri) throw new Error(`No SIP address can be made of this user part (${user.length} characters).`);
  return uri;
}

/** RFC 3261 section 25.1 leaves the plus of an international number as it is. */
export function userPart(user: string): string {
  return encodeURIComponent(user).replaceAll('%2B', '+');
}

function coreConfiguration(transport: Core.Transport): Core.UserAgentCoreConfiguration {
  const uri = pbxUri('pbx');
  uri.setParam('transport', 'ws');
  const loggerFactory = new Core.LoggerFactory();
  // SIP.js writes whole messages, numbers included, to its log.
  loggerFactory.builtinEnabled = false;
  return {
    aor: pbxUri('pbx'),
    contact: { uri, pubGruu: undefined, tempGruu: undefined, toString: () => `<${uri.toString()}>` },
    displayName: '',
    loggerFactory,
    hackViaTcp: false,
    routeSet: [],
    sipjsId: 'dangol',
    supportedOptionTags: ['outbound'],
    supportedOptionTagsResponse: ['outbound'],
    userAgentHeaderFieldValue: 'Dangol practice call centre',
    viaForceRport: false,
    viaHost: PBX_HOST,
    authenticationFactory: () => undefined,
    transportAccessor: () => transport,
  };
}
