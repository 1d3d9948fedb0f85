import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KeyWrapper, openDataKey } from '../../../src/main/electron/data-key.ts';
import { makeHostStart } from '../../../src/main/electron/host-start.ts';
import { readCommandLine } from '../../../src/main/electron/shell-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dangol-start-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A keyring that turns bytes around with its own secret: another secret cannot unwrap. */
function keyring(backend: string, secret = 7): KeyWrapper {
  const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ secret));
  return {
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => backend,
    encryptString: (text) => turn(Buffer.from(text)),
    decryptString: (wrapped) => turn(wrapped).toString(),
  };
}
const noKeyring: KeyWrapper = { ...keyring('unknown'), isEncryptionAvailable: () => false };
const keyFile = () => join(folder, 'data-key.json');

describe('the data key', () => {
  it('is made once, wrapped, readable by its owner only, and the same at the next start', () => {
    const first = openDataKey(folder, keyring('gnome_libsecret'));
    expect(first).toMatchObject({ kind: 'key', dataKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(openDataKey(folder, keyring('gnome_libsecret'))).toEqual(first);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(first.kind === 'key' && readFileSync(keyFile(), 'utf8').includes(first.dataKey)).toBe(false);
  });

  it('counts basic_text as no store: it wraps with a password that everybody knows', () => {
    expect(openDataKey(folder, keyring('basic_text'))).toEqual({ kind: 'none' });
    expect(openDataKey(folder, noKeyring)).toEqual({ kind: 'none' });
    expect(existsSync(keyFile())).toBe(false);
  });

  it.each([
    ['the keyring was switched to none', keyring('basic_text')],
    ['the keyring is locked', noKeyring],
    ['the keyring is another one', keyring('kwallet5', 9)],
    [
      'the keyring throws',
      {
        ...keyring('gnome_libsecret'),
        decryptString: () => {
          throw new Error('the secret is 1234');
        },
      },
    ],
  ])('is missing, never made anew and never deleted, when %s', (_, now) => {
    openDataKey(folder, keyring('gnome_libsecret'));
    const before = readFileSync(keyFile(), 'utf8');
    const opened = openDataKey(folder, now);
    expect(opened).toMatchObject({ kind: 'missing', detail: expect.stringContaining('gnome_libsecret') });
    expect(JSON.stringify(opened)).not.toContain('1234');
    expect(readFileSync(keyFile(), 'utf8')).toBe(before);
    expect(openDataKey(folder, keyring('gnome_libsecret')).kind).toBe('key');
  });

  it('is missing, and the file stays, when the file is broken', () => {
    writeFileSync(keyFile(), '{"version":1,"wra');
    expect(openDataKey(folder, keyring('gnome_libsecret')).kind).toBe('missing');
    expect(readFileSync(keyFile(), 'utf8')).toBe('{"version":1,"wra');
  });

  it('is not made for data that was keyed in another way', () => {
    writeFileSync(join(folder, 'outbox.db'), 'encrypted with a key file');
    expect(openDataKey(folder, keyring('gnome_libsecret'))).toEqual({ kind: 'none' });
    expect(existsSync(keyFile())).toBe(false);
  });

  it('is not used when the keyring cannot give it back', () => {
    const forgetful = { ...keyring('kwallet6'), decryptString: () => '' };
    expect(openDataKey(folder, forgetful)).toEqual({ kind: 'none' });
  });
});

describe('what the host is told first', () => {
  const given = () => ({ dataFolder: folder, version: '1.2.3', keys: keyring('gnome_libsecret') });

  it('comes from the command line for practice, without a key of the keyring', () => {
    const args = ['--no-sandbox', '/app', '--central', 'http://127.0.0.1:4701', '--practice', '--demo-login', 'agent1'];
    expect(makeHostStart(readCommandLine(args), given())).toEqual({
      type: 'start',
      dataFolder: folder,
      dataKey: null,
      centralUrl: 'http://127.0.0.1:4701',
      practice: true,
      allowKeyFile: false,
      demoLogin: 'agent1',
      version: '1.2.3',
    });
  });

  it('comes from dangol.json of an installed desk, with the key', () => {
    writeFileSync(join(folder, 'dangol.json'), '{ "centralUrl": "https://crm.example.com" }');
    const start = makeHostStart(readCommandLine([]), given());
    expect(start).toMatchObject({ centralUrl: 'https://crm.example.com', practice: false, demoLogin: null });
    expect(start).toMatchObject({ dataKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it.each([
    ['missing', null],
    ['half written', '{ "centralUrl": '],
    ['with an address that is none', '{ "centralUrl": "ftp://crm.example.com" }'],
    ['without anything', '{ "allowKeyFile": true }'],
    ['with an address over a network in the clear', '{ "centralUrl": "http://crm.example.com" }'],
    ['with a misspelt setting', '{ "centralUrl": "https://crm.example.com", "allowKeyfile": true }'],
  ])('is an error with the name of the file when dangol.json is %s', (_, text) => {
    if (text !== null) writeFileSync(join(folder, 'dangol.json'), text);
    const start = makeHostStart(readCommandLine([]), given());
    expect(start).toMatchObject({ type: 'failed', code: 'CONFIG_BROKEN', next: 'call-administrator' });
    expect(start).toMatchObject({ detail: expect.stringMatching(/dangol\.json|example\.com/) });
  });

  it('is KEY_MISSING when the keyring was switched, and DISK_ERROR when the folder cannot be used', () => {
    const config = readCommandLine(['--central', 'https://crm.example.com', '--data', folder]);
    expect(makeHostStart(config, given()).type).toBe('start');
    const switched = { ...given(), keys: keyring('basic_text') };
    expect(makeHostStart(config, switched)).toMatchObject({ type: 'failed', code: 'KEY_MISSING' });
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    expect(makeHostStart(config, { ...given(), dataFolder: join(file, 'desk') })).toMatchObject({ code: 'DISK_ERROR' });
  });
});

describe('the command line', () => {
  it('may name a running host on this machine only', () => {
    const read = (address: string) => readCommandLine(['--host-url', address]).hostUrl;
    expect(read('http://127.0.0.1:4700/?token=abc')).toBe('http://127.0.0.1:4700/?token=abc');
    expect(read('http://localhost:4700')).toBe('http://localhost:4700/');
    const refused = [
      'http://10.0.0.5:4700/',
      'https://example.com/',
      'http://127.0.0.1.example.com/',
      'http://x@127.0.0.1/',
    ];
    for (const address of [...refused, 'file:///etc/passwd', 'nonsense']) {
      expect(() => read(address), address).toThrow(expect.objectContaining({ code: 'CONFIG_BROKEN' }));
    }
  });
});
