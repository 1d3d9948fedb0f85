import { beforeAll, expect, it } from 'vitest';
import { RefreshResponse, SignInResponse } from '../../../src/shared/central-api.ts';
import { newId } from '../../../src/shared/ids.ts';
import { codeOf, newNote, PASSWORD, type TestCentre } from './kit.ts';
import { onBothStores } from './stores.ts';

onBothStores('sessions', (store) => {
  let centre: TestCentre;
  let now = 1_800_000_000_000;
  beforeAll(async () => {
    centre = await store.start({ clock: () => now });
  });
  const refresh = (refreshToken: string, deviceId: string) =>
    centre.call('POST', '/v1/refresh', { body: { refreshToken, deviceId } });

  it('lets in with the password, for ten minutes, with a lease of twelve hours', async () => {
    const desk = await centre.desk('kim');
    expect(desk.session).toMatchObject({ accessExpiresIn: 600, agent: { login: 'kim', role: 'agent' } });
    expect(Date.parse(desk.session.leaseUntil) - now).toBe(12 * 3600_000);
    expect((await desk.get('/v1/desk-config')).status).toBe(200);
    now += 601_000;
    const later = await desk.get('/v1/desk-config');
    expect([later.status, codeOf(later)]).toEqual([401, 'SIGNED_OUT']);
    // The desk token does not age: unsent work goes out whoever is signed in.
    expect((await desk.do(newNote('어제의 메모', null))).status).toBe('applied');
  });

  it('says the same for a wrong password and an unknown login, and makes guessing wait', async () => {
    await centre.desk('guessed');
    const attempt = (login: string, password: string) =>
      centre.call('POST', '/v1/sign-in', { body: { login, password, deviceId: newId() } });
    const wrong = await attempt('guessed', 'wrong horse');
    const unknown = await attempt('nobody-here', 'wrong horse');
    expect([wrong.status, codeOf(wrong)]).toEqual([401, 'WRONG_PASSWORD']);
    expect(unknown.json).toEqual(wrong.json);
    for (let i = 0; i < 9; i += 1) await attempt('guessed', 'wrong horse');
    const waiting = await attempt('guessed', PASSWORD);
    expect([waiting.status, codeOf(waiting)]).toEqual([429, 'TOO_MANY_TRIES']);
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
    // Nobody else has to wait.
    await centre.desk('not-guessed');
  });

  it('rotates the refresh token; a replay within 30 s gets the same successor, a later one ends the family', async () => {
    const desk = await centre.desk('park');
    const { refreshToken } = desk.session;
    const first = RefreshResponse.parse((await refresh(refreshToken, desk.deviceId)).json);
    expect(first.refreshToken).not.toBe(refreshToken);
    now += 29_000;
    const replay = RefreshResponse.parse((await refresh(refreshToken, desk.deviceId)).json);
    expect(replay.refreshToken).toBe(first.refreshToken);
    now += 2_000;
    const late = await refresh(refreshToken, desk.deviceId);
    expect([late.status, codeOf(late)]).toEqual([401, 'SIGNED_OUT']);
    expect((await refresh(first.refreshToken, desk.deviceId)).status).toBe(401);
  });

  it('gives two that ask at the same moment the same successor', async () => {
    const desk = await centre.desk('twice');
    const both = await Promise.all([1, 2].map(() => refresh(desk.session.refreshToken, desk.deviceId)));
    const tokens = both.map((answer) => RefreshResponse.parse(answer.json).refreshToken);
    expect(tokens[0]).toBe(tokens[1]);
  });

  it('refreshes on the desk that signed in, also after that desk found itself cloned, and on no other', async () => {
    const desk = await centre.desk('lee');
    expect((await refresh(desk.session.refreshToken, newId())).status).toBe(401);
    desk.deviceId = newId();
    await desk.push(desk.operation(newNote('새 이름의 상담석', null)));
    expect((await refresh(desk.session.refreshToken, desk.deviceId)).status).toBe(200);
  });

  it('ends with sign-out, with a changed password, and for a disabled user', async () => {
    const signedOut = await centre.desk('out');
    const body = { refreshToken: signedOut.session.refreshToken, deviceId: signedOut.deviceId };
    expect((await centre.call('POST', '/v1/sign-out', { body })).status).toBe(200);
    expect((await refresh(body.refreshToken, body.deviceId)).status).toBe(401);

    const changed = await centre.desk('changed');
    const user = { login: 'changed', name: 'x', role: 'agent', team: null };
    await centre.admin('PUT', 'users', user);
    await centre.admin('PUT', 'users', { ...user, password: PASSWORD });
    const still = RefreshResponse.parse((await refresh(changed.session.refreshToken, changed.deviceId)).json);
    await centre.admin('PUT', 'users', { ...user, password: 'another horse' });
    expect((await refresh(still.refreshToken, changed.deviceId)).status).toBe(401);

    const gone = await centre.desk('gone');
    await centre.admin('DELETE', 'users/gone');
    expect((await refresh(gone.session.refreshToken, gone.deviceId)).status).toBe(401);
    const again = await centre.call('POST', '/v1/sign-in', {
      body: { login: 'gone', password: PASSWORD, deviceId: newId() },
    });
    expect(again.status).toBe(401);
    // What still waited on the desk is not lost.
    expect((await gone.do(newNote('퇴사 전 메모', null))).status).toBe('applied');
  });

  it('tells the desk its line, its rules and its business', async () => {
    const desk = await centre.desk('line');
    expect((await desk.get('/v1/desk-config')).json).toMatchObject({
      sip: null,
      practice: null,
      practiceStore: store.name === 'PGlite',
    });
    await centre.admin('PUT', 'pbx', {
      server: 'wss://pbx.example.com:8089/ws',
      backupServers: ['wss://pbx2.example.com:8089/ws'],
      domain: 'example.com',
      iceServers: [],
    });
    await centre.admin('PUT', 'sip-accounts', {
      login: 'line',
      username: '1001',
      password: 'sip secret',
      displayName: '상담',
    });
    expect((await desk.get('/v1/desk-config')).json).toMatchObject({
      sip: {
        server: 'wss://pbx.example.com:8089/ws',
        backupServers: ['wss://pbx2.example.com:8089/ws'],
        username: '1001',
        password: 'sip secret',
      },
      policy: { country: 'KR', doNotCallLoadedAt: null },
    });
    const listed = await centre.admin('GET', 'sip-accounts');
    expect(listed).toEqual({ items: [{ login: 'line', username: '1001', displayName: '상담' }] });
  });

  it('has no demo login without practice data', async () => {
    expect((await centre.call('GET', '/v1/demo-logins')).status).toBe(404);
    const body = { login: 'kim', deviceId: newId() };
    expect((await centre.call('POST', '/v1/sign-in-demo', { body })).status).toBe(404);
  });

  it('has them with practice data, for accounts that were made as demo accounts and for no other', async () => {
    const practice = await store.start({ practice: true });
    await practice.admin('PUT', 'users', { login: 'agent1', name: '김하나', role: 'agent', team: null, demo: true });
    // As `npm run admin` makes one.
    const real = { login: 'boss', name: '실장', role: 'administrator', team: null };
    await practice.admin('PUT', 'users', { ...real, password: 'correct horse' });
    await practice.admin('PUT', 'users', { ...real, demo: true });
    const asBoss = await practice.call('POST', '/v1/sign-in-demo', { body: { login: 'boss', deviceId: newId() } });
    expect(asBoss.status).toBe(404);
    await expect(centre.admin('PUT', 'users', { ...real, login: 'sly', demo: true })).rejects.toThrow('BAD_INPUT');
    expect((await practice.call('GET', '/v1/demo-logins')).json).toEqual({
      logins: [{ login: 'agent1', name: '김하나', role: 'agent' }],
    });
    const answer = await practice.call('POST', '/v1/sign-in-demo', { body: { login: 'agent1', deviceId: newId() } });
    expect(SignInResponse.parse(answer.json).agent.login).toBe('agent1');
    const password = await practice.call('POST', '/v1/sign-in', {
      body: { login: 'agent1', password: 'x', deviceId: newId() },
    });
    expect(password.status).toBe(401);
  });
});
