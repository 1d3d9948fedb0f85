import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A piece of wire between desk and PBX that a test can cut. */
export interface Line {
  /** ws:// address that leads through the wire. */
  readonly server: string;
  /** Cuts every connection at once, as a router that restarts does. New ones are refused until mend(). */
  cut: () => void;
  mend: () => void;
  close: () => Promise<void>;
}

/** @param target e.g. ws://127.0.0.1:8088/ws */
export async function openLine(target: string): Promise<Line> {
  const url = new URL(target);
  const sockets = new Set<Socket>();
  let broken = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A cut wire is an error to both its ends; that is its purpose here.
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    keep(near);
    if (broken) {
      near.destroy();
      return;
    }
    const far = connect(Number(url.port), url.hostname);
    keep(far);
    near.pipe(far);
    far.pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    server: `ws://127.0.0.1:${port}${url.pathname}`,
    cut: () => {
      broken = true;
      cutAll();
    },
    mend: () => {
      broken = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutAll();
      }),
  };
}
