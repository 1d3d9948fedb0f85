import { type ClientLink, createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { ResponseValidationPlugin } from '@orpc/contract/plugins';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { contract, type DeskContract } from '../shared/contract.ts';
import { DangolError, ErrorCode, ErrorData } from '../shared/errors.ts';

/** Every procedure of the contract, as promises that reject with DangolError and nothing else. */
export type DeskApi = ContractRouterClient<DeskContract>;

type LinkContext = Record<never, never>;

/** One open way to the host. `closed` resolves when it is gone, for whatever reason; it never opens again. */
export interface Wire {
  link: ClientLink<LinkContext>;
  closed: Promise<void>;
  close: () => void;
}

/** Offers wires, the first and each later one after a loss, until the returned function is called. */
export type WireSource = (onWire: (wire: Wire) => void) => () => void;

export interface ConnectionState {
  /** 'connecting': no wire yet since the page loaded. 'gone': there was one and it closed. */
  status: 'connecting' | 'up' | 'gone';
  /** Epoch ms of this status. */
  since: number;
  /** How many wires there have been: another number means that everything on screen must be read again. */
  wires: number;
}

export interface HostClient {
  api: DeskApi;
  connection: StoreApi<ConnectionState>;
  /** Resolves at once while there is a wire, else with the next one. */
  whenUp: () => Promise<void>;
  close: () => void;
}

/**
 * The supervised way to the host. A call over a dead port would wait for ever, so each call races the wire's end and
 * rejects with HOST_GONE; whoever must not lose their act sends it again with the same ids (see replay-queue.ts).
 */
export function createHostClient(source: WireSource): HostClient {
  const connection = createStore<ConnectionState>(() => ({ status: 'connecting', since: Date.now(), wires: 0 }));
  let current: Wire | null = null;
  const stop = source((wire) => {
    const replaced = current;
    current = wire;
    replaced?.close();
    void wire.closed.then(() => {
      if (current !== wire) return;
      current = null;
      connection.setState({ status: 'gone', since: Date.now() });
    });
    connection.setState((before) => ({ status: 'up', since: Date.now(), wires: before.wires + 1 }));
  });
  const link: ClientLink<LinkContext> = {
    call: (path, input, options) => {
      const wire = current;
      return wire ? callOver(wire, () => wire.link.call(path, input, options)) : Promise.reject(hostGone());
    },
  };
  return {
    api: createORPCClient<DeskApi>(link),
    connection,
    whenUp: () => untilUp(connection),
    close: () => {
      stop();
      current?.close();
    },
  };
}

function untilUp(connection: StoreApi<ConnectionState>): Promise<void> {
  if (connection.getState().status === 'up') return Promise.resolve();
  return new Promise((resolve) => {
    const unsubscribe = connection.subscribe((state) => {
      if (state.status !== 'up') return;
      unsubscribe();
      resolve();
    });
  });
}

async function callOver(wire: Wire, call: () => Promise<unknown>): Promise<unknown> {
  let gone = false;
  const lost = wire.closed.then(() => {
    gone = true;
    throw hostGone();
  });
  try {
    return await Promise.race([call(), lost]);
  } catch (error) {
    throw gone ? hostGone() : toDangolError(error);
  }
}

function hostGone(): DangolError {
  return new DangolError('HOST_GONE', 'wait');
}

/** Whatever came over the wire, as an error of ours: a code the screens have words for, and a next step. */
export function toDangolError(error: unknown): DangolError {
  if (error instanceof DangolError) return error;
  if (!(error instanceof ORPCError)) {
    return new DangolError('INTERNAL', 'retry', { detail: String(error).slice(0, 300), cause: error });
  }
  const code = ErrorCode.safeParse(error.code);
  const data = ErrorData.safeParse(error.data);
  if (code.success) {
    return new DangolError(code.data, data.data?.next ?? 'retry', {
      ...(data.data?.detail === undefined ? {} : { detail: data.data.detail }),
      ...(data.data?.data === undefined ? {} : { data: data.data.data }),
      cause: error,
    });
  }
  const badInput = error.code === 'BAD_REQUEST';
  return new DangolError(badInput ? 'BAD_INPUT' : 'INTERNAL', badInput ? 'check-input' : 'retry', {
    detail: error.message.slice(0, 300),
    cause: error,
  });
}

/** How often a quiet port is asked for a sign of life, and how long an answer may take. */
const PING_EVERY_MS = 2000;
const PING_PATIENCE_MS = 3000;

/**
 * A wire over one end of a MessageChannel. Chromium's ports do not say that the other end is gone, so the wire asks: any
 * answer is a sign of life, an error too.
 */
export function portWire(port: MessagePort): Wire {
  const closed = new Promise<void>((resolve) => {
    port.addEventListener('close', () => resolve());
  });
  const link = new PortLink<LinkContext>({ port, plugins: [new ResponseValidationPlugin(contract)] });
  port.start();
  const { promise: closedHere, resolve } = Promise.withResolvers<void>();
  const close = () => {
    port.close();
    resolve();
  };
  const wire = { link, closed: Promise.race([closed, closedHere]), close };
  void keepAsking(wire);
  return wire;
}

async function keepAsking(wire: Wire): Promise<void> {
  let open = true;
  void wire.closed.then(() => {
    open = false;
  });
  while (open) {
    const answer = wire.link.call(['session', 'state'], {}, { context: {} }).then(
      () => true,
      () => true,
    );
    const late = pause(PING_PATIENCE_MS).then(() => false);
    if (!(await Promise.race([answer, late]))) wire.close();
    await Promise.race([pause(PING_EVERY_MS), wire.closed]);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Electron: the preload hands over one MessagePort at the start and another whenever the shell restarted the host.
 * The page says when it listens, so that no port is posted into the void.
 */
export function electronWires(page: Window): WireSource {
  return (onWire) => {
    let latest: Wire | null = null;
    const listen = (event: MessageEvent<unknown>) => {
      const port = event.ports[0];
      const own = event.source === page && event.origin === page.location.origin;
      if (!own || !port || !isMessage(event.data, 'dangol:port')) return;
      const wire = portWire(port);
      latest = wire;
      onWire(wire);
      // A host that only was too slow is still there: the shell is asked for another port to it.
      void wire.closed.then(() => latest === wire && ask());
    };
    const ask = () => page.postMessage({ type: 'dangol:listening' }, page.location.origin);
    page.addEventListener('message', listen);
    ask();
    return () => {
      latest = null;
      page.removeEventListener('message', listen);
    };
  };
}

function isMessage(data: unknown, type: string): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === type;
}

/** Browser shell: a WebSocket beside the page (its cookie is the credential); tried again for ever, within 3 s at most. */
export function socketWires(address: string): WireSource {
  return (onWire) => {
    let stopped = false;
    let failures = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      const socket = new WebSocket(address);
      socket.addEventListener('open', () => {
        failures = 0;
        if (stopped) socket.close();
        else onWire(socketWire(socket));
      });
      socket.addEventListener('close', () => {
        if (stopped) return;
        timer = setTimeout(open, retryDelay(failures));
        failures += 1;
      });
    };
    open();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  };
}

/** 0.1 s, doubling up to 2 s, half of it random so that windows do not return in step. */
function retryDelay(failures: number): number {
  const full = Math.min(2000, 100 * 2 ** failures);
  return full / 2 + Math.random() * (full / 2);
}

function socketWire(socket: WebSocket): Wire {
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => resolve());
  });
  const link = new SocketLink<LinkContext>({ websocket: socket, plugins: [new ResponseValidationPlugin(contract)] });
  return { link, closed, close: () => socket.close() };
}

/** The wires of the shell that this page runs in. */
export function wiresOfThisShell(page: Window): WireSource {
  if (page.dangolShell?.kind === 'electron') return electronWires(page);
  const address = new URL('/rpc', page.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return socketWires(address.href);
}
