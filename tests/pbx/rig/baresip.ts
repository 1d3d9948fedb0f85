import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWav } from './sound-files.ts';
import { shareOf, tone } from './tones.ts';

/** What the caller at a baresip sounds like, in hertz: unlike sipp's. */
export const BARESIP_HZ = 1200;

interface BaresipEvent {
  event?: boolean;
  type?: string;
  response?: boolean;
  ok?: boolean;
  token?: string;
  param?: string;
}

/** A real softphone of somebody else in the public network: it dials, is heard, hears, holds, hangs up. */
export interface Baresip {
  /** Runs one of its commands, e.g. `dial sip:101@…`, `hold`, `hangup`, `sndcode 5`. */
  tell: (command: string, params?: string) => Promise<void>;
  /** Resolves when it reports this (CALL_RINGING, CALL_ESTABLISHED, CALL_CLOSED …), what it has said already included. */
  reported: (type: string) => Promise<void>;
  /** Resolves when this pitch is what it hears for half a second; rejects after 10 s with what it heard instead. */
  hears: (hz: number) => Promise<void>;
  close: () => Promise<void>;
}

const ADDRESS = '127.0.0.3';
const SIP_PORT = 5080;
const CONTROL_PORT = 4444;

/** @param number its caller id. */
export async function startBaresip(number: string): Promise<Baresip> {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-baresip-'));
  writeFileSync(join(folder, 'config'), configuration(folder));
  writeFileSync(join(folder, 'accounts'), `<sip:${number}@${ADDRESS};transport=udp>;regint=0;audio_codecs=PCMU\n`);
  writeFileSync(join(folder, 'contacts'), '');
  // It plays a file once: longer than any test talks.
  writeWav(join(folder, 'voice.wav'), tone({ hz: BARESIP_HZ, seconds: 90, rate: 8000 }), 8000);
  const child = spawn('baresip', ['-f', folder], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let told = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      told = (told + chunk).slice(-4000);
    });
  }
  const control = await connected(child, () => told);
  const { tell, reported } = speak(control, () => told);
  return {
    tell,
    reported,
    hears: (hz) => hears(folder, hz),
    close: async () => {
      control.destroy();
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string): string {
  return [
    `sip_listen ${ADDRESS}:${SIP_PORT}`,
    `net_interface ${ADDRESS}`,
    'rtp_ports 7000-7100',
    `audio_source aufile,${join(folder, 'voice.wav')}`,
    'audio_channels 1-1',
    'ausrc_srate 8000',
    `module_path ${modules()}`,
    'module g711.so',
    'module aufile.so',
    'module sndfile.so',
    'module_tmp account.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${CONTROL_PORT}`,
    `snd_path ${folder}`,
    'call_local_timeout 120',
    '',
  ].join('\n');
}

function modules(): string {
  const found = [
    '/usr/lib/baresip/modules',
    ...readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/baresip/modules`),
  ];
  return found.find((folder) => existsSync(folder)) ?? '/usr/lib/baresip/modules';
}

async function connected(child: ChildProcess, told: () => string): Promise<Socket> {
  for (let time = 0; time < 200; time += 1) {
    if (child.exitCode !== null) break;
    const socket = connect(CONTROL_PORT, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (open) return socket;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`baresip did not start: ${told()}`);
}

/** ctrl_tcp: JSON in netstrings, answers by token, events unasked. */
function speak(control: Socket, told: () => string): Pick<Baresip, 'tell' | 'reported'> {
  const seen: BaresipEvent[] = [];
  let waiting: { fits: (event: BaresipEvent) => boolean; resolve: (event: BaresipEvent) => void }[] = [];
  let tokens = 0;
  let text = Buffer.alloc(0);
  control.on('error', () => control.destroy());
  control.on('data', (chunk: Buffer) => {
    text = Buffer.concat([text, chunk]);
    for (;;) {
      const colon = text.indexOf(':');
      const length = colon < 0 ? Number.NaN : Number(text.subarray(0, colon).toString('latin1'));
      if (!(text.length >= colon + 1 + length + 1)) return;
      const event = JSON.parse(text.subarray(colon + 1, colon + 1 + length).toString('utf8')) as BaresipEvent;
      text = text.subarray(colon + 1 + length + 1);
      seen.push(event);
      for (const one of waiting.filter(({ fits }) => fits(event))) one.resolve(event);
      waiting = waiting.filter(({ fits }) => !fits(event));
    }
  });
  const next = (what: string, fits: (event: BaresipEvent) => boolean) => {
    const known = seen.find(fits);
    if (known) return Promise.resolve(known);
    return new Promise<BaresipEvent>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`baresip did not say ${what}: ${told()}`)), 15_000);
      waiting.push({
        fits,
        resolve: (event) => {
          clearTimeout(timer);
          resolve(event);
        },
      });
    });
  };
  return {
    tell: async (command, params = '') => {
      tokens += 1;
      const token = String(tokens);
      const order = JSON.stringify({ command, params, token });
      control.write(`${Buffer.byteLength(order)}:${order},`);
      const answer = await next(command, (event) => event.response === true && event.token === token);
      if (!answer.ok) throw new Error(`baresip refused ${command}: ${JSON.stringify(answer)}`);
    },
    reported: async (type) => {
      await next(type, (event) => event.type === type);
    },
  };
}

/** What it received is written down by its sndfile module, as it comes. */
async function hears(folder: string, hz: number): Promise<void> {
  const rate = 8000;
  let heard = 0;
  for (let look = 0; look < 100; look += 1) {
    const file = readdirSync(folder).find((name) => name.endsWith('-dec.wav'));
    const data = file ? readFileSync(join(folder, file)) : Buffer.alloc(0);
    const samples = Float64Array.from({ length: Math.max(0, (data.length - 44) >> 1) }, (_, index) => {
      return data.readInt16LE(44 + index * 2) / 32768;
    });
    const newest = samples.subarray(-rate / 2);
    heard = newest.length < rate / 2 ? 0 : shareOf(hz, newest, rate);
    if (heard > 0.6) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`baresip hears ${heard} of ${hz} Hz`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await gone;
  clearTimeout(timer);
}
