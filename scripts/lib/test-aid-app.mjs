// What Electron's default app does, for the test aid that has none: `-r FILE` is loaded first, and the first argument that is
// no switch is the app's folder. Awaited, so that Electron is not "ready" before the app's entry has run.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const words = process.argv.slice(1);
const preloaded = words.indexOf('-r');
if (preloaded >= 0) {
  const [, file] = words.splice(preloaded, 2);
  createRequire(import.meta.url)(file);
}
const folder = words.find((word) => !word.startsWith('-'));
if (!folder) {
  process.stderr.write('Usage: electron <folder of the app>\n');
  app.exit(64);
} else {
  const path = resolve(folder);
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  app.setAppPath(path);
  app.setName(manifest.productName ?? manifest.name);
  app.setVersion(manifest.version ?? '0.0.0');
  await import(pathToFileURL(join(path, manifest.main)).href);
}
