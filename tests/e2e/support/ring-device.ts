import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** The device of each ring so far, as the browser names it; '' is the system's. */
    ringsOn: string[];
  }
}

/** Runs in a page before its own scripts: notes on which device each ring is played. A ring is a loop, nothing else is. */
export function rememberRings(): void {
  window.ringsOn = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...when) {
    if (this.loop) {
      const { sinkId } = this.context as BaseAudioContext & { sinkId?: string };
      window.ringsOn.push(sinkId ?? 'not told');
    }
    start.apply(this, when);
  };
}

/** By the keys and lists of the settings. @returns what the browser calls the chosen device. */
export async function chooseDevice(page: Page, what: string, label: string): Promise<string> {
  await page.keyboard.press('Alt+Comma');
  await page.getByRole('combobox', { name: what }).click();
  await page.getByRole('option', { name: label }).click();
  await page.keyboard.press('Escape');
  return page.evaluate(async (wanted) => {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.find((one) => one.kind === 'audiooutput' && one.label === wanted)?.deviceId ?? 'no such device';
  }, label);
}

/** The device of the newest ring, once there was one more than `before`. */
export async function newestRing(page: Page, before: number): Promise<string | undefined> {
  await page.waitForFunction((n) => window.ringsOn.length > n, before, { polling: 50 });
  return page.evaluate(() => window.ringsOn.at(-1));
}
