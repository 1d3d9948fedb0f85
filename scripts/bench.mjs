// npm run bench: every figure beside its goal and its baseline, measured in this run on this machine.
// npm run bench -- pop read-360   runs only these; with --strict a figure that is not held ends it with 1.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { ensureBrowser } from './lib/browser.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { ensurePage } from './lib/page.mjs';
import { childEnvironment, inRoot, node24, root } from './lib/paths.mjs';
import { fail, say } from './lib/say.mjs';

await ensureInstalled();
const all = readdirSync(inRoot('tests', 'bench'))
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''));
const strict = process.argv.includes('--strict');
const wanted = process.argv.slice(2).filter((name) => name !== '--strict');
for (const name of wanted) {
  if (!existsSync(inRoot('tests', 'bench', `${name}.bench.ts`)))
    fail(`no bench named ${name}.`, `There are: ${all.join(', ')}`);
}
await ensurePage();
const chromium = await ensureBrowser();

function runBench(name) {
  const child = spawn(node24(), ['--disable-warning=ExperimentalWarning', `tests/bench/${name}.bench.ts`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnvironment({ DANGOL_CHROMIUM: chromium ?? '' }),
  });
  const figures = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      const { figure } = JSON.parse(line);
      if (figure) figures.push(figure);
    } catch {
      say(line);
    }
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, figures })));
}

function row({ name, value, unit, atMost, note }) {
  const verdict = atMost === null ? '' : value <= atMost ? 'held' : 'NOT HELD';
  const goal = atMost === null ? '-' : `${atMost} ${unit}`;
  return `  ${name.padEnd(58)} ${`${value.toFixed(value < 10 ? 2 : 0)} ${unit}`.padStart(12)}   goal ${goal.padStart(9)}  ${verdict.padEnd(8)} ${note ?? ''}`;
}

const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`;
process.stdout.write(`Machine: ${machine}\n`);
let broken = 0;
for (const name of wanted.length > 0 ? wanted : all) {
  process.stdout.write(`\n${name}\n`);
  const { code, figures } = await runBench(name);
  for (const figure of figures) process.stdout.write(`${row(figure)}\n`);
  if (strict && figures.some(({ value, atMost }) => atMost !== null && !(value <= atMost))) broken += 1;
  if (code !== 0) {
    process.stdout.write(`  (this bench ended with code ${code})\n`);
    broken += 1;
  }
}
process.exit(broken === 0 ? 0 : 1);
