import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeMuLaw } from './sound-files.ts';
import { tone } from './tones.ts';

const scenario = join(dirname(dirname(fileURLToPath(import.meta.url))), 'sipp', 'caller.xml');

/** What a caller sounds like, in hertz. */
export const CALLER_HZ = 1000;

export interface CallerOptions {
  /** What they dial: see etc/extensions.conf. */
  dial: string;
  /** As the carrier asserts it; null: the carrier says nothing. */
  number: string | null;
  name?: string;
  /** The caller asked their carrier not to show the number (RFC 3323 "Privacy: id"). */
  private?: boolean;
  customerRef?: string;
}

/** Somebody who calls through the public network, played by sipp. */
export interface Caller {
  /** Hangs up: CANCEL while it rings, BYE in a call. Resolves when the PBX has agreed. */
  hangUp: () => Promise<void>;
  /** Resolves when the call is over, whoever ended it; rejects when it went another way than SIP allows. */
  over: Promise<void>;
  /** Every SIP message so far, both directions. */
  messages: () => string;
  /** Kills sipp, whatever it is doing. */
  leave: () => void;
}

const address = '127.0.0.3';

/** @param place 0, 1, 2 …: callers at the same time need ports of their own. */
export function startCaller(options: CallerOptions, place: number): Caller {
  const port = 5060 + place;
  const folder = mkdtempSync(join(tmpdir(), 'dangol-caller-'));
  const callId = `caller-${process.pid}-${folder.slice(-6)}`;
  writeMuLaw(join(folder, 'tone.ul'), tone({ hz: CALLER_HZ, seconds: 4, rate: 8000 }));
  writeFileSync(join(folder, 'caller.xml'), fillIn(options, callId, join(folder, 'tone.ul')));
  const args = [
    '-sf',
    'caller.xml',
    '-i',
    address,
    '-p',
    String(port),
    '-mi',
    address,
    '-bind_local',
    '-cid_str',
    callId,
  ];
  const limits = [
    '-mp',
    String(6000 + 10 * place),
    '-m',
    '1',
    '-nostdin',
    '-timeout',
    '120',
    '-timeout_error',
    '-trace_msg',
    '-trace_err',
  ];
  const child = spawn('sipp', [...args, ...limits, '127.0.0.1:5070'], { cwd: folder, stdio: 'ignore' });

  let last = '';
  const messages = () => {
    if (existsSync(folder)) last = traces(folder);
    return last;
  };
  const over = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      messages();
      if (code === 0 || child.killed) resolve();
      else reject(new Error(`sipp ended with ${code}:\n${messages().slice(-4000)}`));
      rmSync(folder, { recursive: true, force: true });
    });
  });
  // A test that does not look at the end is not to fail by it; one that awaits it still sees the error.
  over.catch(() => undefined);
  return {
    over,
    messages,
    leave: () => leave(child),
    hangUp: async () => {
      await tellToHangUp(callId, port);
      await over;
    },
  };
}

function fillIn(
  { dial, number, name, private: isPrivate, customerRef }: CallerOptions,
  callId: string,
  toneFile: string,
): string {
  const anonymous = number === null || isPrivate;
  const shown = name ? `"${name}" ` : '';
  const headers = [
    number === null ? '' : `P-Asserted-Identity: ${shown}<sip:${number}@${address}>`,
    isPrivate ? 'Privacy: id' : '',
    customerRef ? `X-Customer-Ref: ${customerRef}` : '',
    'User-Agent: dangol-caller',
  ].filter((header) => header !== '');
  const names: Record<string, string> = {
    DIAL: dial,
    FROM: anonymous ? '"Anonymous" <sip:anonymous@anonymous.invalid>' : `${shown}<sip:${number}@${address}>`,
    HEADERS: headers.join('\n      '),
    BRANCH: `z9hG4bK-${callId}`,
    TONE: toneFile,
  };
  return readFileSync(scenario, 'utf8').replace(/\{\{([A-Z]+)\}\}/g, (whole, key: string) => names[key] ?? whole);
}

/** sipp finds the call by its Call-ID alone, so the shortest message with one is an order. */
function tellToHangUp(callId: string, port: number): Promise<void> {
  const lines = [
    `INFO sip:caller@${address}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:5099;branch=z9hG4bK-${callId}`,
    'From: <sip:test@127.0.0.1>;tag=test',
    `To: <sip:caller@${address}>`,
    `Call-ID: ${callId}`,
    'CSeq: 99 INFO',
    'Content-Length: 0',
  ];
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, address, (error) => {
      socket.close();
      if (error) reject(error);
      else resolve();
    });
  });
}

function traces(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.log'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

function leave(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
