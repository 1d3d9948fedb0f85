// Makes assets/voices/*.ulaw again: what the simulated callers of src/sandbox/scenarios say.
// Needs espeak-ng and sox (Debian: apt-get install espeak-ng sox). Runs in any Node from 20.
//   node scripts/make-voices.mjs            all lines
//   node scripts/make-voices.mjs gold-      lines whose name begins so
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scenarios = new URL('../src/sandbox/scenarios/', import.meta.url).pathname;
const voices = new URL('../assets/voices/', import.meta.url).pathname;

// espeak-ng has one Korean voice; its variants give it other throats. sox makes it softer and no longer so even.
const SPEAKERS = {
  woman: { variant: 'Annie', pitch: 55, tune: '-30' },
  man: { variant: 'Michael', pitch: 42, tune: '-20' },
  'old-woman': { variant: 'grandma', pitch: 50, tune: '0' },
  'old-man': { variant: 'Mike', pitch: 30, tune: '-60' },
};

function make(name, text, language, { speaker, speed }, folder) {
  const { variant, pitch, tune } = SPEAKERS[speaker];
  const voice = `${language === 'ko' ? 'ko' : 'en-gb'}+${variant}`;
  const raw = join(folder, `${name}.wav`);
  execFileSync('espeak-ng', [
    '-v',
    voice,
    '-s',
    String(speed),
    '-p',
    String(pitch),
    '-a',
    '120',
    '-g',
    '2',
    '-w',
    raw,
    text,
  ]);
  const target = join(voices, `${name}.ulaw`);
  // A telephone's band, a little room, even loudness; half a second of breath at the end.
  execFileSync('sox', [
    ...['-D', raw, '-r', '8000', '-c', '1', '-t', 'ul', target],
    ...['gain', '-8', 'pitch', tune, 'highpass', '140', 'lowpass', '3300', 'equalizer', '2600', '1.2q', '-5'],
    ...['compand', '0.02,0.2', '6:-60,-38,-22', '-2', '-90', '0.1', 'reverb', '12', '60', '20'],
    ...['silence', '1', '0.05', '-50d', 'pad', '0', '0.4', 'gain', '-n', '-4', 'rate', '8000'],
  ]);
  return statSync(target).size;
}

const only = process.argv[2] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'dangol-voices-'));
let bytes = 0;
let lines = 0;
mkdirSync(voices, { recursive: true });
try {
  for (const file of readdirSync(scenarios).filter((name) => name.endsWith('.json'))) {
    const scenario = JSON.parse(readFileSync(join(scenarios, file), 'utf8'));
    for (const line of scenario.lines) {
      if (!line.voice.startsWith(only)) continue;
      bytes += make(line.voice, line.text, scenario.language, scenario.voice, folder);
      lines += 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${lines} lines, ${Math.round(bytes / 1024)} KB in assets/voices`);
