import { EmitterImpl, type Transport, TransportState } from 'sip.js';
import type { Socket } from './phone-environment.ts';
import type { StartTimer } from './timers.ts';

export interface WireOptions {
  openSocket: () => Socket;
  startTimer: StartTimer;
  /** `WS` or `WSS`, for the Via header. */
  protocol: string;
  /** Every frame of the current socket. */
  receive: (frame: unknown) => void;
  /** Every message on its way out; returns what is really sent. */
  beforeSend: (message: string) => string;
  /** The current socket ended without disconnect(). */
  lost: () => void;
}

const CONNECT_TIMEOUT_MS = 3_000;

/**
 * The SIP transport over one WebSocket at a time (RFC 7118). Reconnecting is the line's business; the wire only tells
 * the truth: a socket that was given up is never heard again, even if the browser closes it a minute later.
 */
export class Wire implements Transport {
  readonly protocol: string;
  readonly stateChange = new EmitterImpl<TransportState>();
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;
  #state = TransportState.Disconnected;
  #socket: Socket | null = null;
  readonly #options: WireOptions;

  /** The first argument is what SIP.js gives every transport: a logger. The wire says nothing. */
  constructor(_logger: unknown, options: WireOptions) {
    this.#options = options;
    this.protocol = options.protocol;
  }

  get state(): TransportState {
    return this.#state;
  }

  isConnected(): boolean {
    return this.#state === TransportState.Connected;
  }

  /** SIP.js calls this as soon as it is made. When to connect is the line's business: nothing before the phone is started. */
  connect(): Promise<void> {
    return Promise.resolve();
  }

  /** Opens the socket: resolves when it is there; rejects after 3 s or when it fails first. */
  open(): Promise<void> {
    if (this.isConnected()) return Promise.resolve();
    this.#giveUpSocket();
    this.#become(TransportState.Connecting);
    return new Promise((resolve, reject) => this.#open(resolve, reject));
  }

  #open(resolve: () => void, reject: (error: Error) => void): void {
    const fail = (reason: string) => {
      stopTimer();
      if (socket === null || this.#socket !== socket) return reject(new Error(reason));
      this.#giveUpSocket();
      this.#become(TransportState.Disconnected);
      reject(new Error(reason));
    };
    let socket: Socket | null = null;
    const stopTimer = this.#options.startTimer(CONNECT_TIMEOUT_MS, () => fail('connect timeout'));
    try {
      socket = this.#options.openSocket();
    } catch {
      stopTimer();
      this.#become(TransportState.Disconnected);
      reject(new Error('bad address'));
      return;
    }
    const opened = socket;
    this.#socket = opened;
    opened.binaryType = 'arraybuffer';
    opened.addEventListener('open', () => {
      stopTimer();
      if (this.#socket !== opened) return reject(new Error('superseded'));
      this.#become(TransportState.Connected);
      this.onConnect?.();
      resolve();
    });
    opened.addEventListener('error', () => this.#ended(opened, fail));
    opened.addEventListener('close', () => this.#ended(opened, fail));
    opened.addEventListener('message', (event) => {
      if (this.#socket === opened && this.isConnected()) this.#options.receive(event.data);
    });
  }

  #ended(socket: Socket, fail: (reason: string) => void): void {
    if (this.#socket !== socket) return;
    if (this.isConnected()) this.giveUp();
    else fail('refused');
  }

  /** Treats the current socket as dead: nothing of it is heard any more. */
  giveUp(): void {
    if (!this.#socket) return;
    const wasConnected = this.isConnected();
    this.#giveUpSocket();
    this.#become(TransportState.Disconnected);
    if (!wasConnected) return;
    this.onDisconnect?.(new Error('socket lost'));
    this.#options.lost();
  }

  disconnect(): Promise<void> {
    this.#giveUpSocket();
    if (this.#state !== TransportState.Disconnected) this.#become(TransportState.Disconnected);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    return this.disconnect();
  }

  /** Hands the message to the socket before it returns, so that a BYE on pagehide is on its way. */
  send(message: string): Promise<void> {
    const socket = this.#socket;
    if (!socket || !this.isConnected() || socket.readyState !== 1) return Promise.reject(new Error('not connected'));
    try {
      socket.send(this.#options.beforeSend(message));
      return Promise.resolve();
    } catch {
      return Promise.reject(new Error('send failed'));
    }
  }

  #giveUpSocket(): void {
    const socket = this.#socket;
    this.#socket = null;
    try {
      socket?.close();
    } catch {
      // A socket that is still connecting may throw on close: it is forgotten either way.
    }
  }

  #become(state: TransportState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.stateChange.emit(state);
  }
}
