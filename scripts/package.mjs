// npm run package: the desk as a program for this platform, into release/.
//   npm run package            installers
//   npm run package -- --dir   the unpacked program only; works without a network, with the Electron for tests
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildElectron } from './build-electron.mjs';
import { findElectron } from './lib/electron-binary.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensurePage } from './lib/page.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { fail, say, withProgress } from './lib/say.mjs';

const { values } = parseArgs({
  options: {
    dir: { type: 'boolean', default: false },
    output: { type: 'string', default: inRoot('release') },
  },
});

await ensureInstalled();
await ensurePage();
await withProgress('Building the shell', () => buildElectron());
const electron = await findElectron({ forTests: values.dir });
if (!electron)
  fail('there is no Electron to pack.', 'Installers need its own binary: try again where it can be fetched.');
if (electron.kind === 'test-aid') {
  say(
    `Packing Electron ${electron.version}, the one for tests: it shows that packing works, and is nothing to hand out.`,
  );
}

const { build, Platform } = await import('electron-builder');
await build({
  projectDir: root,
  targets: Platform.current().createTarget(values.dir ? 'dir' : undefined),
  publish: 'never',
  config: {
    extends: inRoot('electron-builder.yml'),
    directories: { output: values.output },
    electronDist: electron.folder,
    electronVersion: electron.version,
    // The launcher of the test aid, and Electron's own default app: a packed desk has one app, in the asar.
    afterPack: ({ appOutDir }) => rmSync(join(appOutDir, 'resources', 'app'), { recursive: true, force: true }),
  },
});
say(`Packed into ${values.output}.`);
