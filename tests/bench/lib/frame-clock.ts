import type { Page } from '@playwright/test';

/*
 * From the INVITE's WebSocket frame to the moment the screen shows it, both on the page's own clock: the frame is
 * stamped by the browser before any script of the page hears of it, the paint by Element Timing.
 */

/** Runs in the page before anything else. */
function installFrameClock(): void {
  const clock = { invites: [] as number[], paints: [] as { name: string; at: number }[] };
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
  }).observe({ type: 'element', buffered: true });
}

declare global {
  interface Window {
    frameClock?: { invites: number[]; paints: { name: string; at: number }[] };
  }
}

/** Installs the clock in every document that the page opens from now on. Call before goto(). */
export async function addFrameClock(page: Page): Promise<void> {
  await page.addInitScript(installFrameClock);
}

/**
 * Milliseconds from the newest INVITE frame to the presentation of the element whose `elementtiming` is `name`.
 * Element Timing tells each element once: use a fresh element, and a fresh name, for each call.
 */
export async function sinceInvite(page: Page, name: string): Promise<number> {
  const handle = await page.waitForFunction((wanted) => {
    const clock = window.frameClock;
    const paint = clock?.paints.find((one) => one.name === wanted);
    const invite = clock?.invites.at(-1);
    return paint && invite !== undefined ? { took: paint.at - invite } : null;
  }, name);
  return (await handle.jsonValue())?.took ?? Number.NaN;
}
