import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAppFolder } from './support/app-folder.ts';
import { launchDesk, type RunningDesk } from './support/launch.ts';

/** The page as it is built, out of app:// and under its policy: what Trusted Types or a wrong path would leave white. */
describe('the built page in the Electron window', () => {
  let folder: Awaited<ReturnType<typeof makeAppFolder>>;
  let desk: RunningDesk;

  beforeAll(async () => {
    folder = await makeAppFolder({ hostEntry: 'tests/electron/contract-host.ts', page: 'built' });
    desk = await launchDesk(folder.folder, ['--central', 'http://127.0.0.1:9', '--practice', '--demo-login', 'agent1']);
  });
  afterAll(async () => {
    await desk?.close();
    folder?.remove();
  });

  it('paints over its MessagePort, in its own font, and breaks no rule of its policy', async () => {
    const broken: string[] = [];
    desk.page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) broken.push(message.text());
    });
    await desk.page.reload();
    await desk.page.getByRole('button', { name: 'agent1' }).waitFor();
    const loaded = await desk.page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family);
    });
    expect(new Set(loaded)).toEqual(new Set(['Pretendard Variable']));
    expect(broken).toEqual([]);
  });

  it("starts the phone's worker from its own address", async () => {
    const worker = readdirSync(join(folder.folder, 'dist', 'renderer', 'assets')).find((name) =>
      /worker.*\.js$/.test(name),
    );
    const rung = await desk.page.evaluate(
      (name) =>
        new Promise((resolve) => {
          const made = new Worker(`assets/${name}`, { type: 'module' });
          made.onerror = () => resolve('refused');
          made.onmessage = ({ data }) => resolve(data);
          made.postMessage({ id: 7, milliseconds: 1 });
        }),
      worker,
    );
    expect(rung).toBe(7);
  });
});
