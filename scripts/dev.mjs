// npm run dev: the call centre of npm start, where a part starts again when its code changes and the page is built as you save.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join, resolve } from 'node:path';
import { forgetPractice, homeOf, prepareData, refuseForeign } from './lib/data-folder.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensurePage } from './lib/page.mjs';
import { startCentral, startDesk, startSandbox } from './lib/parts.mjs';
import { childEnvironment, inRoot, node24, root } from './lib/paths.mjs';
import { stopServer } from './lib/run.mjs';
import { claimRunning, forgetRunning, writeRunning } from './lib/running.mjs';
import { fail, say } from './lib/say.mjs';
import { help, readStartOptions } from './lib/start-options.mjs';

const options = readStartOptions();
if (options.help) {
  process.stdout.write(`${help.replaceAll('npm start', 'npm run dev')}\n`);
  process.exit(0);
}
options.data = resolve(options.data);
options.home = homeOf(options);
refuseForeign(options.data);
prepareData(options.data);
if (claimRunning(options.home)) fail('Dangol is running on this data.', 'Stop it first, or use --data FOLDER.');
process.on('exit', () => forgetRunning(options.home));
await ensureInstalled();
if (options.fresh) await forgetPractice(options.data);
await ensurePage();

/** In the order in which they need each other: a change in one starts it and all after it again. */
const practiceParts = [
  { name: 'centre', folders: ['src/shared', 'src/central'], start: () => startCentral(options) },
  { name: 'practice PBX', folders: ['src/sandbox'], start: (url) => startSandbox(options, url) },
];
const parts = [
  ...(options.central ? [] : practiceParts),
  { name: 'desk', folders: ['src/shared', 'src/main', 'src/sync'], start: (url) => startDesk(options, url) },
];
let centralUrl = options.central ?? '';
let firstDirty = 0;
let working = false;

async function bringUp() {
  if (working) return;
  working = true;
  while (firstDirty < parts.length) {
    const from = firstDirty;
    firstDirty = parts.length;
    for (const part of parts.slice(from).toReversed()) if (part.child) await stopServer(part.child);
    for (const part of parts.slice(from)) {
      try {
        const { child, ready } = await part.start(centralUrl);
        part.child = child;
        if (part.name === 'centre') centralUrl = ready.url;
        if (part.name === 'desk') writeRunning(options.home, { kind: 'browser', origin: new URL(ready.url).origin });
        say(`dev: ${part.name} ready${part.name === 'desk' ? `: ${ready.url}` : ''}`);
      } catch (error) {
        say(`dev: ${part.name} did not start: ${error.message}. Save a change to try again.`);
        break;
      }
    }
  }
  working = false;
}

let timer;
for (const [index, part] of parts.entries()) {
  for (const folder of part.folders) {
    watch(join(root, folder), { recursive: true }, () => {
      firstDirty = Math.min(firstDirty, index);
      clearTimeout(timer);
      timer = setTimeout(() => void bringUp(), 200);
    });
  }
}
const page = spawn(node24(), [inRoot('node_modules/vite/bin/vite.js'), 'build', '--watch', '--logLevel', 'warn'], {
  cwd: root,
  stdio: 'inherit',
  env: childEnvironment(),
});
process.on('SIGINT', async () => {
  page.kill();
  for (const part of parts.toReversed()) if (part.child) await stopServer(part.child);
  process.exit(0);
});
await bringUp();
