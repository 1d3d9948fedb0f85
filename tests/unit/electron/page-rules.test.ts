import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerPageRequest, PAGE_ORIGIN } from '../../../src/main/electron/page-files.ts';
import { isOwnPage, onPageMessage } from '../../../src/main/electron/page-messages.ts';
import { mayHave, mayUseDevice, originOf } from '../../../src/main/electron/permissions.ts';
import { windowOptions } from '../../../src/main/electron/window-options.ts';
import { ANY_WEBSOCKET, contentSecurityPolicy } from '../../../src/shared/page-policy.ts';

describe('the options of every window', () => {
  const { webPreferences } = windowOptions({ preload: '/app/preload.cjs', attached: false });

  it('keep the page away from Node and in its sandbox', () => {
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
    });
  });

  it('let the ring be heard at once, and keep a hidden desk awake', () => {
    expect(webPreferences).toMatchObject({ autoplayPolicy: 'no-user-gesture-required', backgroundThrottling: false });
  });
});

describe('the page policy', () => {
  const policy = contentSecurityPolicy({ connect: ['wss://pbx.example.com:8089'] });
  const directive = (name: string) => policy.split('; ').find((text) => text.startsWith(`${name} `));

  it('runs own scripts only, and lets no string become markup or a script address by itself', () => {
    expect(directive('default-src')).toBe("default-src 'none'");
    expect(directive('script-src')).toBe("script-src 'self'");
    expect(directive('require-trusted-types-for')).toBe("require-trusted-types-for 'script'");
    expect(directive('trusted-types')).toBe('trusted-types default');
    expect(policy).not.toMatch(/unsafe-eval|\*|https?:/);
    expect(policy.match(/'unsafe-inline'/g)).toHaveLength(1);
  });

  it('connects to what is named, and a hostile name cannot add a directive', () => {
    expect(directive('connect-src')).toBe("connect-src 'self' wss://pbx.example.com:8089");
    const hostile = ["wss://x; script-src 'unsafe-inline'", 'wss://x, y', "'unsafe-inline'", '*', 'wss://x y'];
    expect(contentSecurityPolicy({ connect: hostile })).toBe(contentSecurityPolicy({ connect: [] }));
    expect(contentSecurityPolicy({ connect: ANY_WEBSOCKET })).toContain("connect-src 'self' ws: wss:;");
  });
});

describe('files of the page', () => {
  const parent = mkdtempSync(join(tmpdir(), 'dangol-page-'));
  const folder = join(parent, 'page');
  beforeAll(() => {
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<p>desk</p>');
    writeFileSync(join(folder, 'assets', '한글.js'), '');
    writeFileSync(join(folder, '.secret.json'), '{}');
    writeFileSync(join(parent, 'outside.json'), '{}');
    symlinkSync(join(parent, 'outside.json'), join(folder, 'link.json'));
  });
  afterAll(() => rmSync(parent, { recursive: true }));

  const status = async (url: string, method = 'GET') => (await answerPageRequest(folder, { url, method })).status;

  it('are served with the policy and their kind', async () => {
    const answer = await answerPageRequest(folder, { url: `${PAGE_ORIGIN}/`, method: 'GET' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toBe('<p>desk</p>');
    expect(await status(`${PAGE_ORIGIN}/assets/%ED%95%9C%EA%B8%80.js?v=1#top`)).toBe(200);
  });

  it.each([
    'app://dangol/../outside.json',
    'app://dangol/%2e%2e/outside.json',
    'app://dangol/..%2foutside.json',
    'app://dangol/assets/..%5c..%5coutside.json',
    'app://dangol/%252e%252e/outside.json',
    'app://dangol//etc/passwd',
    'app://dangol/.secret.json',
    'app://dangol/link.json',
    'app://dangol/index.html%00.js',
    'app://dangol/C:/index.html',
    'app://dangol/assets',
    'app://dangol/index.exe',
    'app://dangol/%',
    'app://elsewhere/index.html',
    'app://user@dangol/index.html',
    'app://dangol:1/index.html',
    'file:///etc/passwd',
    'not an address',
  ])('are not to be had by %s', async (address) => {
    expect(await status(address)).toBe(404);
  });

  it('are read only', async () => {
    expect(await status(`${PAGE_ORIGIN}/index.html`, 'POST')).toBe(405);
    expect(await status(`${PAGE_ORIGIN}/index.html`, 'HEAD')).toBe(200);
  });
});

describe('permissions', () => {
  const question = { permission: 'media', asker: `${PAGE_ORIGIN}/index.html`, isMainFrame: true, media: ['audio'] };

  it('are given to the own page for what a phone needs', () => {
    expect(mayHave(question, PAGE_ORIGIN)).toBe(true);
    expect(mayHave({ ...question, permission: 'notifications', media: [] }, PAGE_ORIGIN)).toBe(true);
    expect(mayHave({ ...question, permission: 'speaker-selection', media: [] }, PAGE_ORIGIN)).toBe(true);
    expect(mayHave({ ...question, asker: 'http://127.0.0.1:4700/x' }, 'http://127.0.0.1:4700')).toBe(true);
  });

  it.each([
    ['a camera', { media: ['video'] }],
    ['a camera beside the microphone', { media: ['audio', 'video'] }],
    ['media of no kind', { media: [] }],
    ['a frame inside the page', { isMainFrame: false }],
    ['another origin', { asker: 'https://example.com/' }],
    ['the same host on another scheme', { asker: 'https://dangol/' }],
    ['a login in the address', { asker: 'app://x@dangol/' }],
    ['no address', { asker: '' }],
    ['where the desk stands', { permission: 'geolocation' }],
    ['the screen', { permission: 'display-capture' }],
    ['a USB device', { permission: 'usb' }],
    ['opening other programs', { permission: 'openExternal' }],
  ])('are refused: %s', (_, change) => {
    expect(mayHave({ ...question, ...change }, PAGE_ORIGIN)).toBe(false);
  });

  const headset = { collections: [{ usagePage: 0x0c }, { usagePage: 0x0b }] };
  it('give the own page the buttons of a headset, and no other device', () => {
    const ask = (change: object) =>
      mayUseDevice({ deviceType: 'hid', origin: PAGE_ORIGIN, device: headset, ...change }, PAGE_ORIGIN);
    expect(mayHave({ ...question, permission: 'hid', media: [] }, PAGE_ORIGIN)).toBe(true);
    expect(ask({})).toBe(true);
    expect(ask({ origin: 'https://example.com' })).toBe(false);
    expect(ask({ deviceType: 'usb' })).toBe(false);
    expect(ask({ deviceType: 'serial' })).toBe(false);
    for (const device of [{}, { collections: [] }, { collections: [{ usagePage: 0xf1d0 }] }, { collections: 'x' }]) {
      expect(ask({ device })).toBe(false);
    }
  });

  it('know the origin of an app: page', () => {
    expect(originOf('app://dangol/index.html?x#y')).toBe('app://dangol');
    expect(originOf('data:text/html,x')).toBeNull();
  });
});

describe('messages of a page to the shell', () => {
  const page = { url: `${PAGE_ORIGIN}/index.html`, parent: null };
  const frame = page as Parameters<typeof isOwnPage>[0];
  const inner = { ...page, parent: page } as unknown as Parameters<typeof isOwnPage>[0];

  it('count only from the main frame of the own page', () => {
    expect(isOwnPage(frame, PAGE_ORIGIN)).toBe(true);
    expect(isOwnPage(inner, PAGE_ORIGIN)).toBe(false);
    expect(isOwnPage({ url: 'https://example.com/', parent: null }, PAGE_ORIGIN)).toBe(false);
    expect(isOwnPage(null, PAGE_ORIGIN)).toBe(false);
  });

  it('are parsed before anybody hears them', () => {
    const heard: unknown[] = [];
    let speak: (event: unknown, raw: unknown) => void = () => undefined;
    const ipc = {
      on: (_channel: string, listener: typeof speak) => {
        speak = listener;
        return ipc;
      },
    } as unknown as Parameters<typeof onPageMessage>[0];
    onPageMessage(ipc, PAGE_ORIGIN, (message) => heard.push(message));
    speak({ senderFrame: frame }, { type: 'phone', phase: 'in_call', more: 'dropped' });
    speak({ senderFrame: frame }, { type: 'phone', phase: 'flying' });
    speak({ senderFrame: frame }, { type: 'ring', title: 'x'.repeat(201), body: '' });
    speak({ senderFrame: inner }, { type: 'ask_port' });
    expect(heard).toEqual([{ type: 'phone', phase: 'in_call' }]);
  });
});
