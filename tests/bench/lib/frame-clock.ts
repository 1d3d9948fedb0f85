import type { Page } from '@playwright/test';

/*
 * From the INVITE's WebSocket frame to the moment the screen shows it, both on the page's own clock: the frame is
 * stamped by the browser before any script of the page hears of it, the paint by Element Timing.
 */

interface FrameClock {
  invites: number[];
  paints: { name: string; at: number }[];
  /** Told at every paint: whoever asked over and over, frame by frame, would be part of what is measured. */
  waiting: Set<() => void>;
}

/** Runs in the page before anything else. */
function installFrameClock(): void {
  const clock: FrameClock = { invites: [], paints: [], waiting: new Set() };
  Object.assign(window, { frameClock: clock });
  const RealSocket = window.WebSocket;
  window.WebSocket = class extends RealSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      // Added first, so that it hears first, whoever opens the socket.
      this.addEventListener('message', (event) => {
        if (typeof event.data === 'string' && event.data.startsWith('INVITE ')) clock.invites.push(event.timeStamp);
      });
    }
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { identifier, renderTime } = entry as PerformanceEntry & { identifier: string; renderTime: number };
      clock.paints.push({ name: identifier, at: renderTime });
    }
    for (const look of clock.waiting) look();
  }).observe({ type: 'element', buffered: true });
}

declare global {
  interface Window {
    frameClock?: FrameClock;
  }
}

/** Installs the clock in every document that the page opens from now on. Call before goto(). */
export async function addFrameClock(page: Page): Promise<void> {
  await page.addInitScript(installFrameClock);
}

const LONGEST_MS = 30_000;

/**
 * Milliseconds from the newest INVITE frame to the first presentation after it of an element whose `elementtiming` is `name`.
 * Element Timing tells each element once: use a fresh element for each call. Rejects after 30 s.
 */
export function sinceInvite(page: Page, name: string): Promise<number> {
  return page.evaluate(
    ([wanted, longest]) =>
      new Promise<number>((resolve, reject) => {
        const clock = window.frameClock;
        const late = setTimeout(() => reject(new Error(`${wanted} was not painted`)), longest);
        const look = () => {
          const invite = clock?.invites.at(-1);
          const paint = clock?.paints.find((one) => one.name === wanted && invite !== undefined && one.at > invite);
          if (!paint || invite === undefined) return;
          clearTimeout(late);
          clock?.waiting.delete(look);
          resolve(paint.at - invite);
        };
        clock?.waiting.add(look);
        look();
      }),
    [name, LONGEST_MS] as const,
  );
}
