import { execFile } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/shared/ids.ts';
import { runPostgres } from '../../fakes/postgres.ts';
import { type Answer, codeOf, newNote, startTestCentre, type TestCentre, TestDesk } from './kit.ts';
import { onPostgres } from './stores.ts';

const run = promisify(execFile);

/** The same desk in front of another centre. */
function moved(desk: TestDesk, centre: TestCentre): TestDesk {
  const there = new TestDesk(centre, desk.session, desk.deviceId);
  there.seq = desk.seq;
  return there;
}

async function pullOf(desk: TestDesk, cursor: string): Promise<Answer> {
  return desk.get(`/v1/sync/changes?cursor=${cursor}`);
}

async function expectEpochChanged(answer: Answer): Promise<void> {
  expect([answer.status, codeOf(answer)]).toEqual([409, 'EPOCH_CHANGED']);
}

describe('a copied practice folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-copy-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('C10 is another epoch for the desk of the original, and the original stays the same', async () => {
    const [original, copy] = [join(folder, 'original'), join(folder, 'copy')];
    const first = await startTestCentre({ dataFolder: original });
    const desk = await first.desk();
    await desk.do(newNote('전', null));
    const { cursor, epoch } = await desk.start();
    await first.close();
    cpSync(join(original, 'pglite'), join(copy, 'pglite'), { recursive: true });

    const copied = await startTestCentre({ dataFolder: copy });
    await expectEpochChanged(await pullOf(moved(desk, copied), cursor));
    await expectEpochChanged(await moved(desk, copied).pushRaw([desk.operation(newNote('x', null))], { epoch }));
    await copied.close();

    const again = await startTestCentre({ dataFolder: original });
    expect((await pullOf(moved(desk, again), cursor)).status).toBe(200);
    expect((await moved(desk, again).start()).epoch).toBe(epoch);
    await again.close();
  }, 180_000);

  it("C10 is one too when yesterday's files are laid into the same folder", async () => {
    const [live, backup] = [join(folder, 'live'), join(folder, 'backup')];
    const before = await startTestCentre({ dataFolder: live });
    const desk = await before.desk();
    await desk.do(newNote('어제', null));
    await before.close();
    cpSync(live, backup, { recursive: true });
    const today = await startTestCentre({ dataFolder: live });
    const reply = await moved(desk, today).do(newNote('오늘', null), { deviceSeq: 2 });
    expect(reply.status).toBe('applied');
    const { cursor, epoch } = await moved(desk, today).start();
    await today.close();
    // The folder itself stays, so that its identity does too.
    const inode = statSync(join(live, 'pglite')).ino;
    await run('sh', ['-c', `rm -rf '${live}/pglite/'* && cp -a '${backup}/pglite/'. '${live}/pglite/'`]);
    expect(statSync(join(live, 'pglite')).ino).toBe(inode);

    const restored = await startTestCentre({ dataFolder: live });
    // Work of the restored day goes on before the first desk comes back.
    await restored.admin('PUT', 'teams', { name: '복구 뒤' });
    await restored.admin('PUT', 'teams', { name: '복구 뒤 2' });
    await expectEpochChanged(await pullOf(moved(desk, restored), cursor));
    expect((await moved(desk, restored).start()).epoch).not.toBe(epoch);
    await restored.close();
  }, 180_000);

  it('C10 is one when a desk remembers acknowledgements that the centre lacks', async () => {
    const centre = await startTestCentre();
    const desk = await centre.desk();
    const { opId: acknowledged } = await desk.do(newNote('하나', null));
    const { epoch, cursor } = await desk.start();
    const known = await desk.pushRaw([desk.operation(newNote('둘', null))], { epoch, acknowledged });
    expect(known.status).toBe(200);
    expect((await pullOf(desk, `${cursor}&acknowledged=${acknowledged}`)).status).toBe(200);
    // Only read, and never pulled what it was answered: the cursor alone would say nothing.
    await expectEpochChanged(await pullOf(desk, `${cursor}&acknowledged=${newId()}`));
    const now = (await desk.start()).epoch;
    const lacking = { epoch: now, acknowledged: newId() };
    await expectEpochChanged(await desk.pushRaw([desk.operation(newNote('셋', null))], lacking));
    expect((await desk.start()).epoch).not.toBe(epoch);
    await centre.close();
  });
});

onPostgres('a restored database', (store) => {
  async function lived(): Promise<{ databaseUrl: string; desk: TestDesk; backup: () => Promise<void>; dump: string }> {
    const databaseUrl = await store.newDatabase();
    const centre = await store.start({ databaseUrl });
    const desk = await centre.desk();
    await desk.do(newNote('백업에 있는 메모', null));
    const dump = join(store.postgres.dataFolder, `${desk.deviceId}.dump`);
    const backup = async () => {
      await run(join(store.postgres.binFolder, 'pg_dump'), ['-Fc', '-f', dump, databaseUrl]);
    };
    return { databaseUrl, desk, backup, dump };
  }

  it('C10 from a dump is another epoch, although the stored id came back with it', async () => {
    const { desk, backup, dump } = await lived();
    await backup();
    await desk.do(newNote('백업 뒤의 메모', null));
    const { cursor, epoch } = await desk.start();
    const restoredUrl = await store.newDatabase();
    await run(join(store.postgres.binFolder, 'pg_restore'), ['-d', restoredUrl, dump]);
    const restored = await store.start({ databaseUrl: restoredUrl });
    await expectEpochChanged(await pullOf(moved(desk, restored), cursor));
    expect((await moved(desk, restored).start()).epoch).not.toBe(epoch);
  });

  it('C10 from a dump laid over the same database is one too', async () => {
    const { databaseUrl, desk, backup, dump } = await lived();
    await backup();
    await desk.do(newNote('백업 뒤의 메모', null));
    const { cursor } = await desk.start();
    await desk.centre.close();
    const empty = 'DROP SCHEMA public CASCADE; CREATE SCHEMA public';
    await run(join(store.postgres.binFolder, 'psql'), ['-q', '-d', databaseUrl, '-c', empty]);
    await run(join(store.postgres.binFolder, 'pg_restore'), ['-d', databaseUrl, dump]);
    const restored = await store.start({ databaseUrl });
    await restored.admin('PUT', 'teams', { name: '복구 뒤' });
    await expectEpochChanged(await pullOf(moved(desk, restored), cursor));
  });

  it('C10 from a base backup that was started as it is: the cursor is ahead of it', async () => {
    const { databaseUrl, desk } = await lived();
    const copy = mkdtempSync(join(tmpdir(), 'dangol-base-'));
    const { uid, gid } = statSync(store.postgres.dataFolder);
    chownSync(copy, uid, gid);
    const base = ['-D', copy, '-d', store.postgres.url, '--checkpoint=fast', '--no-sync'];
    await run(join(store.postgres.binFolder, 'pg_basebackup'), base, { uid, gid, cwd: copy });
    await desk.do(newNote('백업 뒤의 메모', null));
    const { cursor, epoch } = await desk.start();
    const server = await runPostgres(store.postgres.binFolder, copy);
    try {
      const centre = await startTestCentre({
        databaseUrl: server.url.replace(/\/postgres$/, new URL(databaseUrl).pathname),
      });
      // Same system, same timeline, same database: only the cursor tells.
      expect((await moved(desk, centre).start()).epoch).toBe(epoch);
      await centre.admin('PUT', 'teams', { name: '복구 뒤' });
      await expectEpochChanged(await pullOf(moved(desk, centre), cursor));
      expect((await moved(desk, centre).start()).epoch).not.toBe(epoch);
      await centre.close();
    } finally {
      await server.stop();
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
