import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OPTIONS } from '../../../scripts/lib/start-options.mjs';
import { temporaryFolder, until } from '../../fakes/desk.ts';
import { centreOfALaterVersion, deskOfALaterVersion } from './later-version.ts';
import * as support from './support.ts';

// npm start as a newcomer types it, without a display: the real parts, the browser shell, free ports.

// Up to three whole starts a test, and the page is built where it is older than its sources.
vi.setConfig({ testTimeout: 240_000 });

const { enter, listen, open, signedIn, signedInAndLoaded, writeDraft } = support;
let folder: string;
let data: string;
let remove: () => void;
let started: support.Started[];

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  data = join(folder, 'dangol');
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map(({ stop }) => stop()));
  remove();
});

function keep(one: support.Started): support.Started {
  started.push(one);
  return one;
}
const npmStart = (...args: string[]) => keep(support.npmStart(data, args));

describe('what a newcomer reads', () => {
  test('--help needs nothing and names every option', async () => {
    const help = npmStart('--help');
    expect(await help.ended).toBe(0);
    for (const option of Object.keys(OPTIONS)) {
      expect(help.seen()).toMatch(new RegExp(`--${option}\\b`));
    }
    expect(existsSync(data)).toBe(false);
  });

  test('a first start shows the address and no log of machines; the log is in the data folder', async () => {
    const start = npmStart();
    const { api, leave } = await enter(await open(start));
    await signedInAndLoaded(api);
    leave();
    expect(start.seen()).not.toContain('{"');
    expect(readFileSync(join(data, 'logs', 'centre.log'), 'utf8')).toContain('/v1/admin/load');
    expect(await start.stop()).toBe(0);
  });

  test('a port that is taken is named with what helps, and nothing else is left running', async () => {
    const { server, port } = await listen();
    const start = npmStart('--central-port', String(port));
    expect(await start.ended).toBe(1);
    expect(start.seen()).toContain(String(port));
    expect(start.seen()).toContain('Another program has the port');
    expect(start.seen()).not.toContain('--fresh');
    server.close();
  });
});

describe('a second start on the same data', () => {
  test('shows where the first one is, and its address opens', async () => {
    const first = npmStart();
    await open(first);
    const second = npmStart();
    expect(await second.ended).toBe(0);
    expect(second.seen()).toContain('already running');
    const { api, leave } = await enter(await open(second));
    expect((await api.host.info({})).store.keyStore).toBe('file');
    leave();
  });

  test('waits for nobody while the first is still starting, and deletes nothing under it', async () => {
    const first = npmStart();
    await until(async () => existsSync(join(data, 'run.json')) || null, 'the first start to say that it is there');
    const second = npmStart('--fresh');
    expect(await second.ended).toBe(1);
    expect(second.seen()).toContain('running on this data');
    const third = npmStart();
    expect(await third.ended).toBe(0);
    expect(third.seen()).toMatch(/already (running|starting)/);
    await open(first);
    expect(await first.stop()).toBe(0);
    expect(existsSync(join(data, 'run.json'))).toBe(false);
  });
});

test('Ctrl+C in the middle of a start leaves nothing running', async () => {
  const first = npmStart();
  await until(async () => existsSync(join(data, 'logs', 'centre.log')) || null, 'the centre to be begun', 120_000);
  expect(await first.stop()).toBe(0);
  // A centre that was left behind would still hold its folder.
  await open(npmStart());
});

test('npm run dev starts what is touched again, and all that needs it, on the data that is there', async () => {
  const dev = keep(support.npmStart(data, [], 'dev.mjs'));
  const first = await enter(await open(dev));
  await signedInAndLoaded(first.api);
  await writeDraft(first.api, '고치는 중');
  first.leave();
  const lines = (part: string) => dev.seen().split(`dev: ${part} ready`).length - 1;
  expect([lines('centre'), lines('practice PBX'), lines('desk')]).toEqual([1, 1, 1]);

  const now = new Date();
  utimesSync(join(import.meta.dirname, '../../../src/sandbox/README.md'), now, now);
  await until(async () => lines('desk') === 2 || null, 'the desk to be there again', 60_000);
  expect([lines('centre'), lines('practice PBX')]).toEqual([1, 2]);
  const again = await enter(dev.seen().match(support.ADDRESS)?.at(-1) ?? '');
  await signedIn(again.api);
  expect((await again.api.call.restore({})).drafts.map(({ text }) => text)).toEqual(['고치는 중']);
  again.leave();
  expect(await dev.stop()).toBe(0);
});

describe('data', () => {
  test('of a newer Dangol is named and left alone, at the desk and at the practice centre', async () => {
    const before = npmStart();
    const first = await enter(await open(before));
    await signedIn(first.api);
    await writeDraft(first.api, '새 버전에서 쓴 메모');
    first.leave();
    await before.stop();
    for (const written of [deskOfALaterVersion, centreOfALaterVersion]) {
      const restore = await written(data);
      const refused = npmStart();
      expect(await refused.ended).toBe(1);
      expect(refused.seen()).toContain('written by a newer Dangol. Update Dangol; nothing was changed');
      expect(refused.seen()).not.toContain('--fresh');
      await restore();
    }
    const { api, leave } = await enter(await open(npmStart()));
    expect((await api.call.restore({})).drafts.map(({ text }) => text)).toEqual(['새 버전에서 쓴 메모']);
    leave();
  });

  test('survives a restart', async () => {
    const before = npmStart();
    const first = await enter(await open(before));
    await signedInAndLoaded(first.api);
    await writeDraft(first.api, '내일 오전에 다시 전화');
    first.leave();
    await before.stop();

    const { api, leave } = await enter(await open(npmStart()));
    const { drafts } = await api.call.restore({});
    expect(drafts.map(({ text }) => text)).toEqual(['내일 오전에 다시 전화']);
    leave();
  });

  test('of practice goes with --fresh, and what the practice centre did not have yet is told', async () => {
    const before = npmStart();
    const first = await enter(await open(before));
    await signedInAndLoaded(first.api);
    await writeDraft(first.api, '연습 메모');
    first.leave();
    await before.stop();

    const fresh = npmStart('--fresh');
    const { api, leave } = await enter(await open(fresh));
    expect(fresh.seen()).toContain('Forgotten with the practice data: 1 note');
    await signedIn(api);
    expect((await api.call.restore({})).drafts).toEqual([]);
    leave();
  });

  test('--fresh keeps a desk whose folder an administrator set up for a real centre while it holds unsent work', async () => {
    const before = npmStart();
    const first = await enter(await open(before));
    await signedIn(first.api);
    await writeDraft(first.api, '아직 보내지 못한 메모');
    first.leave();
    await before.stop();
    writeFileSync(join(data, 'desk', 'dangol.json'), '{ "centralUrl": "https://crm.example.com" }');

    const fresh = npmStart('--fresh');
    expect(await fresh.ended).toBe(1);
    expect(fresh.seen()).toContain('holds work that no centre has');
    expect(existsSync(join(data, 'desk', 'outbox.db'))).toBe(true);
  });

  test.each(['--fresh', null])(
    'a folder that is not ours is never written into, never emptied (%s)',
    async (option) => {
      mkdirSync(data);
      writeFileSync(join(data, 'thesis.txt'), 'three years of work');
      mkdirSync(join(data, 'desk'));
      const start = npmStart(...(option ? [option] : []));
      expect(await start.ended).toBe(1);
      expect(start.seen()).toContain('is not a folder of Dangol');
      expect(readdirSync(data).sort()).toEqual(['desk', 'thesis.txt']);
      rmSync(data, { recursive: true });
    },
  );

  test('--fresh empties only what Dangol made, also in its own folder', async () => {
    const before = npmStart();
    await open(before);
    await before.stop();
    writeFileSync(join(data, 'notes-of-mine.txt'), 'kept');
    mkdirSync(join(data, 'centres', 'crm.example.com'), { recursive: true });
    await open(npmStart('--fresh'));
    expect(readFileSync(join(data, 'notes-of-mine.txt'), 'utf8')).toBe('kept');
    expect(existsSync(join(data, 'centres', 'crm.example.com'))).toBe(true);
  });
});

describe('your own centre', () => {
  test('has a desk of its own beside the practice one, in memory unless a key file is allowed', async () => {
    const practice = npmStart();
    await open(practice);
    await practice.stop();
    const { server, port } = await listen();
    const own = ['--central', `http://127.0.0.1:${port}`];

    const memory = npmStart(...own);
    const first = await enter(await open(memory));
    expect((await first.api.host.info({})).store).toMatchObject({ outbox: 'memory', keyStore: 'none' });
    expect(memory.seen()).toContain('--allow-key-file');
    first.leave();
    await memory.stop();

    const kept = npmStart(...own, '--allow-key-file');
    const second = await enter(await open(kept));
    expect((await second.api.host.info({})).store).toMatchObject({ outbox: 'encrypted', keyStore: 'file' });
    expect((await second.api.session.demoLogins({})).logins).toEqual([]);
    second.leave();
    await kept.stop();
    expect(existsSync(join(data, 'centres', `127.0.0.1_${port}`, 'desk', 'outbox.db'))).toBe(true);
    server.close();
  });

  test('is never begun anew', async () => {
    const start = npmStart('--central', 'https://crm.example.com', '--fresh');
    expect(await start.ended).toBe(1);
    expect(start.seen()).toContain('--fresh forgets practice data only');
    expect(existsSync(data)).toBe(false);
  });

  test('is not spoken to in the clear over a network', async () => {
    const start = npmStart('--central', 'http://crm.example.com');
    expect(await start.ended).toBe(1);
    expect(start.seen()).toContain('https://crm.example.com');
    expect(start.seen()).toContain('--allow-http');
  });
});
