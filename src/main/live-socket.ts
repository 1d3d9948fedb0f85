import type { LiveSocket, LiveSocketHandlers } from '../sync/http-transport.ts';

/** The part of a WebSocket that is used here: the platform's, or a test's. */
export type WebSocketMaker = (url: string) => WebSocket;

/** Opens the engine's live connection on the platform's WebSocket. Errors come as onClose. */
export function openLiveSocket(
  make: WebSocketMaker = (url) => new WebSocket(url),
): (url: string, handlers: LiveSocketHandlers) => LiveSocket {
  return (url, handlers) => {
    let over = false;
    const end = (detail: string) => {
      if (over) return;
      over = true;
      handlers.onClose(detail);
    };
    let socket: WebSocket;
    try {
      socket = make(url);
    } catch {
      // Only an address that is none; told later, as every other failure is.
      queueMicrotask(() => end('no address'));
      return { send: () => {}, close: () => (over = true) };
    }
    socket.addEventListener('open', () => handlers.onOpen());
    socket.addEventListener('message', ({ data }) => handlers.onText(typeof data === 'string' ? data : ''));
    socket.addEventListener('close', ({ code }) => end(`closed ${code}`));
    socket.addEventListener('error', () => end('no connection'));
    return {
      send: (text) => socket.send(text),
      close: () => {
        over = true;
        socket.close();
      },
    };
  };
}
