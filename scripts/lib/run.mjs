import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { childEnvironment, node24, root } from './paths.mjs';

/** Runs a command to its end with its output shown. Resolves with the exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      ...options,
      env: childEnvironment(options.env),
    });
    child.on('error', () => resolve(127));
    child.on('close', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
  });
}

/** A TypeScript entry (or a script of a library) under Node 24. */
export function runNode(args, options = {}) {
  return run(node24(), ['--disable-warning=ExperimentalWarning', ...args], options);
}

/** Runs a command quietly and keeps what it printed. */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
      env: childEnvironment(options.env),
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => resolve({ code: 127, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Starts one of our servers. Servers speak JSON lines on stdout: { ready: true, … } once, { progress, done, total } before,
 * or { error: { code, next, detail } }. Resolves with the child and its ready line; rejects with the error line.
 * `onSpawn` hears of the child at once: whoever stops in the meantime must end it too. `log` is the file that takes their stderr; the one before is kept beside it.
 */
export function startServer(entry, args, { onProgress, env, onExit, onSpawn, log } = {}) {
  const stderr = log ? openLog(log) : 'inherit';
  const child = spawn(node24(), ['--disable-warning=ExperimentalWarning', entry, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', stderr],
    env: childEnvironment(env),
  });
  if (log) closeSync(stderr);
  onSpawn?.(child);
  return new Promise((resolve, reject) => {
    let settled = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = parseLine(line);
      if (message?.progress) onProgress?.(message);
      if (message?.ready && !settled) {
        settled = true;
        resolve({ child, ready: message });
      }
      if (message?.error && !settled) {
        settled = true;
        reject(Object.assign(new Error(message.error.detail ?? message.error.code), message.error));
      }
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (!settled) reject(new Error(`${entry} ended with code ${code} before it was ready`));
      else onExit?.(code);
    });
  });
}

function openLog(log) {
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  if (existsSync(log)) renameSync(log, `${log}.before`);
  return openSync(log, 'w', 0o600);
}

function parseLine(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** SIGTERM, and SIGKILL after `graceMs` for one that does not listen. Only children of ours are ever ended. */
export function stopServer(child, graceMs = 5000) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
