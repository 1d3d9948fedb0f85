import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readServeOptions } from '../../../src/main/serve/options.ts';
import { DangolError } from '../../../src/shared/errors.ts';
import { temporaryFolder } from '../../fakes/desk.ts';

let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
});
afterEach(() => remove());

const read = (...args: string[]) => readServeOptions(['--data', folder, ...args]);
function refusal(...args: string[]): DangolError {
  try {
    read(...args);
  } catch (error) {
    if (error instanceof DangolError) return error;
  }
  throw new Error('expected a refusal');
}
const configure = (text: string) => writeFileSync(join(folder, 'dangol.json'), text);

test('the command line goes before the file', () => {
  configure('{ "centralUrl": "https://crm.example.com", "allowKeyFile": true }');
  expect(read()).toMatchObject({
    port: 4700,
    centralUrl: 'https://crm.example.com',
    allowKeyFile: true,
    practice: false,
  });
  expect(read('--central', 'http://127.0.0.1:4701', '--practice', '--demo-login', 'agent1')).toMatchObject({
    centralUrl: 'http://127.0.0.1:4701',
    practice: true,
    demoLogin: 'agent1',
  });
});

test.each([
  ['{\n  "centralUrl": "http://127.0.0.1:1",\n  "allowKeyFile": tru\n}', 3],
  ['{\n  "allowKeyFile": "yes"\n}', 2],
  ['{\n\n  "centralURL": "http://127.0.0.1:1"\n}', 3],
  ['{\n  "allowKeyFile": true', 2],
  ['{\n"allowKeyFile"\n:true,}', 3],
  ['', 1],
  ['null', 1],
])('a broken file is named with its line: %j', (text, line) => {
  configure(text);
  const { code, next, message } = refusal('--central', 'http://127.0.0.1:1');
  expect([code, next]).toEqual(['CONFIG_BROKEN', 'call-administrator']);
  expect(message).toContain(`${join(folder, 'dangol.json')}, line ${line}:`);
});

test.each([
  [['--central', 'ftp://x']],
  [['--central', 'not an address']],
  [['--colour', 'red']],
  [['--port', '99999']],
  [[]],
])('arguments that make no sense: %j', (args) => {
  expect(refusal(...args).code).toBe('CONFIG_BROKEN');
});

test('names, numbers and passwords do not cross a network unencrypted unless somebody allowed it', () => {
  const { code, message } = refusal('--central', 'http://crm.example.com');
  expect([code, message]).toEqual(['CONFIG_BROKEN', expect.stringContaining('use https')]);
  for (const loopback of ['http://127.0.0.1:4701', 'http://localhost:4701', 'http://[::1]:4701']) {
    expect(read('--central', loopback).centralUrl).toBe(loopback);
  }
  expect(refusal('--central', 'http://127.0.0.1.example.com').code).toBe('CONFIG_BROKEN');
  expect(read('--central', 'http://crm.example.com', '--allow-http').centralUrl).toBe('http://crm.example.com');
  configure('{ "centralUrl": "http://10.0.0.5:4701", "allowHttp": true }');
  expect(read()).toMatchObject({ centralUrl: 'http://10.0.0.5:4701', allowKeyFile: false });
  expect(read('--allow-key-file').allowKeyFile).toBe(true);
});
