import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import type { PhoneCall, PhoneOptions } from '../../../src/telephony/phone-types.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];

/** Headless Chromium on a page that holds nothing but the real phone. */
export class BrowserPhone {
  readonly browser: Browser;
  readonly origin: string;
  readonly #server: Server;

  private constructor(browser: Browser, server: Server) {
    this.browser = browser;
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async launch(): Promise<BrowserPhone> {
    const server = await servePage();
    const found = process.env.DANGOL_CHROMIUM || '/usr/bin/chromium';
    const executablePath = existsSync(found) ? found : undefined;
    return new BrowserPhone(
      await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: FLAGS }),
      server,
    );
  }

  /** A new window with its own phone, started on `account`. `before` runs in the page before any script of its own. */
  async open(account: PhoneOptions['account'], before?: () => void, retired = false): Promise<PhonePage> {
    const context = await this.browser.newContext({ permissions: ['microphone'] });
    if (before) await context.addInitScript(before);
    const page = await context.newPage();
    const phone = new PhonePage(page);
    await page.goto(this.origin);
    await page.waitForFunction(() => 'phonePage' in window);
    await page.evaluate(([one, is]) => window.phonePage.start(one, is), [account, retired] as const);
    return phone;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** One window: the phone in it, and everything that went wrong in it. */
export class PhonePage {
  readonly page: Page;
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  async registered(): Promise<void> {
    await this.page.waitForFunction(() => window.phonePage.phone().state().registration.state === 'registered');
  }

  /** The newest call, once it is in one of these phases. */
  async call(...phases: PhoneCall['phase'][]): Promise<PhoneCall> {
    const handle = await this.page.waitForFunction(
      (wanted) =>
        window.phonePage
          .phone()
          .state()
          .calls.findLast((call) => wanted.includes(call.phase)) ?? null,
      phases,
    );
    const call = await handle.jsonValue();
    if (!call) throw new Error('no call');
    return call;
  }

  /** Waits until the talking call looks like this. */
  async talking(like: Partial<Extract<PhoneCall, { phase: 'talking' }>>): Promise<void> {
    await this.page.waitForFunction(
      (wanted) =>
        window.phonePage
          .phone()
          .state()
          .calls.some(
            (call) =>
              call.phase === 'talking' &&
              Object.entries(wanted).every(([key, value]) => Reflect.get(call, key) === value),
          ),
      like,
    );
  }

  /** Waits until this call looks like this. */
  async until(callId: string, like: Record<string, unknown>): Promise<void> {
    await this.page.waitForFunction(
      ([id, wanted]) => {
        const call = window.phonePage
          .phone()
          .state()
          .calls.find((one) => one.callId === id);
        const fits = (value: unknown, want: unknown): boolean =>
          typeof want === 'object' && want !== null && typeof value === 'object' && value !== null
            ? Object.entries(want).every(([key, inner]) => fits(Reflect.get(value, key), inner))
            : value === want;
        return call !== undefined && fits(call, wanted);
      },
      [callId, like] as const,
    );
  }

  act(act: 'answer' | 'decline' | 'hangUp' | 'hold' | 'resume' | 'forget', callId: string): Promise<void> {
    return this.page.evaluate(([name, id]) => window.phonePage.phone()[name](id), [act, callId] as const);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

async function servePage(): Promise<Server> {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const bundled = await build({
    entryPoints: { page: here('./page.ts'), 'timer-worker': here('../../../src/telephony/timer-worker.ts') },
    bundle: true,
    format: 'esm',
    write: false,
    outdir: '/',
    logLevel: 'error',
  });
  const files = new Map(bundled.outputFiles.map((file) => [file.path, file.text]));
  const html =
    '<!doctype html><meta charset="utf-8"><audio autoplay></audio><script type="module" src="/page.js"></script>';
  const server = createServer((request, response) => {
    // The phone asks for its worker beside the module, as the source names it.
    const path = (request.url ?? '/').replace(/\.ts$/, '.js');
    const script = files.get(path);
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
