import { cpSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { newId } from '../../../src/shared/ids.ts';
import { hostStart, openPortDesk, type TestDesk, temporaryFolder, until } from '../../fakes/desk.ts';
import { PASSWORD, startHttpCentre } from '../../fakes/http-centre.ts';
import { isRegistered, type NodePhone, nodePhone } from '../../fakes/node-phone.ts';
import { SAMPLE } from '../../fakes/sample-set.ts';
import { openPractice, PASSWORDS, startCall } from '../../integration/sandbox/support/practice.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
const keep = <T>(thing: T, close: (thing: T) => Promise<void> | void): T => {
  open.push(() => close(thing));
  return thing;
};
const folderFor = () => keep(temporaryFolder(), ({ remove }) => remove()).folder;
/** What a page does with the session: the line of it becomes a phone. */
async function phoneOf(desk: TestDesk): Promise<NodePhone> {
  const session = await desk.api.session.state({});
  const account = session.status === 'signed_in' ? session.config?.sip : null;
  if (!account) throw new Error('no line');
  const made = keep(nodePhone(account), ({ phone }) => phone.stop());
  made.phone.start();
  await made.until(isRegistered);
  return made;
}

test.each([
  ['the session that was open', false],
  ['a sign-in on the lease', true],
])(
  'a host that was killed while the centre is away takes calls again, by %s, and the note is kept',
  async (_, signsIn) => {
    const pbx = keep(await openPractice(), (server) => server.close());
    const centre = keep(await startHttpCentre(Date.now), (one) => one.close());
    const sip = centre.config.sip;
    if (!sip) throw new Error('no line');
    centre.config = { ...centre.config, sip: { ...sip, server: pbx.sipUrl, password: PASSWORDS.agent1 ?? '' } };
    const folder = folderFor();
    const before = keep(await openPortDesk(hostStart(folder, centre.url)), (desk) => desk.close());
    await before.api.session.signIn({ login: 'agent1', password: PASSWORD });
    await until(async () => (await before.api.sync.status({})).phase === 'idle', 'the first load');
    if (signsIn) await before.api.session.signOut({ keepUnsent: true });
    centre.mode = 'down';
    // Killed: what is on the disk now, without a last word of the host.
    const left = folderFor();
    cpSync(folder, left, { recursive: true, filter: (path) => !path.endsWith('host.pid') });
    const desk = keep(await openPortDesk(hostStart(left, centre.url)), (one) => one.close());
    if (signsIn) await desk.api.session.signIn({ login: 'agent1', password: PASSWORD });
    const { until: phoneUntil } = await phoneOf(desk);
    startCall(pbx, 'gold-billing', 'agent1');
    const ringing = await phoneUntil(({ calls }) => calls.some(({ phase }) => phase === 'ringing'));
    const callId = ringing.calls[0]?.callId ?? '';
    const phone = ringing.calls[0]?.caller.e164 ?? '';
    expect(await desk.api.customer.open({ phone, callId, customerRef: null, direction: 'in' })).toMatchObject({
      match: expect.anything(),
    });
    const noteId = newId();
    expect(
      await desk.api.note.save({ noteId, callId: null, customerId: SAMPLE.gold.id, text: '센터 없이 받은 전화' }),
    ).toEqual({ mark: 'here' });
    centre.mode = 'up';
    await until(
      () => Promise.resolve(centre.oracle.liveRows().some(({ id }) => id === noteId)),
      'the note at the centre',
    );
  },
);
