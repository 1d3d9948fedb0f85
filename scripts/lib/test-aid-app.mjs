// What Electron's default app does, for the test aid that has none: the first argument that is no switch is the app's folder.
// Awaited, so that Electron is not "ready" before the app's entry has run.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
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
