import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What happens to the bytes between a desk and the centre. */
type ProxyMode =
  | 'pass'
  /** The request arrives, its reply does not: the connection is cut in its place. */
  | 'lose-replies'
  /** Nothing that desks send arrives; what the centre says still does. */
  | 'lose-requests'
  /** Nothing gets through in either direction, and nobody is told: a half-open connection. */
  | 'silent'
  /** New connections are refused at once. */
  | 'refuse';

export interface TcpProxy {
  /** http://127.0.0.1:port */
  url: string;
  mode: ProxyMode;
  /** Replies that were lost so far; resolves when there are `count`. */
  lost(count: number): Promise<void>;
  /** Cuts every connection that is open. */
  cut(): void;
  close(): Promise<void>;
}

/** A proxy on a free port of the loopback. Its mode counts for new bytes, also of connections that are open already. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let lostReplies = 0;
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((client) => {
    if (proxy.mode === 'refuse') return void client.destroy();
    const upstream = connect(target);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (proxy.mode === 'pass' || proxy.mode === 'lose-replies') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (proxy.mode === 'pass' || proxy.mode === 'lose-requests') client.write(bytes);
      if (proxy.mode !== 'lose-replies') return;
      client.destroy();
      lostReplies += 1;
      for (const wait of waiting) if (wait.count <= lostReplies) wait.resolve();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: TcpProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'pass',
    lost: (count) =>
      new Promise((resolve) => {
        if (lostReplies >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
