import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cipherOf } from '../../src/main/db/cache-cipher.ts';
import { connect } from '../../src/main/db/connection.ts';
import type { TcpProxy } from '../fakes/tcp-proxy.ts';
import { type CallCentre, startCallCentre } from './rig/call-centre.ts';
import { openDesk } from './rig/desk-page.ts';
import { linkPbx } from './rig/pbx-link.ts';
import { CALLER_HZ, type PbxRig, startRig } from './rig/pbx-rig.ts';

// A card number that is keyed in while the recording is paused arrives at the PBX, and stays nowhere at our side.

const KIM = { customerNumber: 'C-1001', name: '김단골', phones: ['010-0000-1234'] };
/** No card has this number: its check digit is wrong. */
const CARD = '4539148803436468';

let rig: PbxRig;
let centre: CallCentre;
let wire: TcpProxy;

beforeAll(async () => {
  rig = await startRig();
  centre = await startCallCentre(rig.asterisk.server, [KIM]);
  wire = await linkPbx(centre);
});
afterEach(() => rig.endTest());
afterAll(async () => {
  await centre.close();
  await wire.close();
  await rig.close();
});

/** Every row of every table, as text. */
function rowsOf(folder: string, name: 'cache.db' | 'outbox.db', key: string): string {
  const db = connect({ file: join(folder, name), key, cipher: cipherOf(folder, name) });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
    return tables.map(({ name }) => JSON.stringify(db.prepare(`SELECT * FROM "${name}"`).all())).join('\n');
  } finally {
    db.close();
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile());
}

test('keys of a card number while the recording is paused: at the PBX, in no log, in no file, on no screen', async () => {
  const desk = await openDesk(rig.browser, await centre.startDesk(), 'agent1');
  rig.afterTest(desk.close);
  const console: string[] = [];
  desk.page.on('console', (message) => console.push(message.text()));
  await rig.manager.event('agent1 registered', (event) => {
    return event.Event === 'ContactStatus' && event.AOR === 'agent1' && event.ContactStatus === 'Reachable';
  });
  await desk.page.locator('header [data-waiting="0"]').waitFor({ timeout: 20_000 });
  rig.call({ dial: '101', number: '01000001234' });
  await desk.ringing.waitFor();
  await desk.press('Alt+A');
  await desk.hears(CALLER_HZ);
  await desk.page.locator('[role="status"][data-recording="on"]').waitFor();
  await desk.press('Alt+C');
  await desk.page.locator('[role="status"][data-recording="paused"]').waitFor();

  await desk.press('Alt+K');
  await desk.page.getByRole('button', { name: '1', exact: true }).and(desk.page.locator(':focus')).waitFor();
  const arrived = () =>
    rig.manager
      .seen()
      .filter(({ Event, Direction, Channel }) => {
        return Event === 'DTMFEnd' && Direction === 'Received' && Channel?.startsWith('PJSIP/agent1-');
      })
      .map(({ Digit }) => Digit)
      .join('');
  for (const [index, key] of [...CARD].entries()) {
    await desk.press(key);
    await expect.poll(arrived, { timeout: 10_000 }).toBe(CARD.slice(0, index + 1));
  }
  expect(await desk.page.evaluate(() => document.body.textContent)).not.toContain(CARD.slice(0, 4));
  await desk.press('Escape');
  await desk.press('Alt+C');
  await desk.press('Alt+X');
  await desk.page.locator('section[data-tone="wrap"]').waitFor();
  await desk.note.fill('카드 결제 완료');
  await desk.press('Control+Enter');
  await desk.page.locator('[role="status"] [data-mark="centre"]').waitFor();

  // Any eight of them in a row would be too many.
  const pieces = Array.from({ length: CARD.length - 7 }, (_, index) => CARD.slice(index, index + 8));
  const holds = (text: string) => pieces.some((piece) => text.includes(piece));
  expect(holds(centre.logs())).toBe(false);
  expect(holds(console.join('\n'))).toBe(false);
  const data = join(centre.folder, 'desk-1');
  const key = readFileSync(join(data, 'data-key'), 'utf8').trim();
  for (const file of ['cache.db', 'outbox.db'] as const) {
    const rows = rowsOf(data, file, key);
    expect(rows.length).toBeGreaterThan(1000);
    expect(`${file}: ${holds(rows)}`).toBe(`${file}: false`);
  }
  expect(rowsOf(data, 'outbox.db', key)).toContain('카드 결제 완료');
  for (const file of filesIn(centre.folder))
    expect(`${file}: ${holds(readFileSync(file, 'latin1'))}`).toBe(`${file}: false`);
});
