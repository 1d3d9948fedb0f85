import { afterEach, describe, expect, test } from 'vitest';
import { createHostClient, type HostClient } from '../../../src/renderer/host-client.ts';
import { DangolError } from '../../../src/shared/errors.ts';
import type { HostEvent } from '../../../src/shared/host-types.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';

const open: HostClient[] = [];
function connect(host = createFakeHost()) {
  const client = createHostClient(host.wires);
  open.push(client);
  return { host, client };
}
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

const codeOf = (error: unknown) => (error instanceof DangolError ? error.code : String(error));

describe('the way to the host', () => {
  test('a call answers over the wire', async () => {
    const { client } = connect();
    await client.whenUp();
    expect((await client.api.session.state({})).status).toBe('signed_in');
  });

  test('a failure arrives as a code with its next step', async () => {
    const { client } = connect();
    await expect(client.api.session.signIn({ login: 'a', password: 'wrong' })).rejects.toMatchObject({
      code: 'WRONG_PASSWORD',
      next: 'check-input',
    });
  });

  test('a message that does not fit the contract is BAD_INPUT', async () => {
    const { client } = connect();
    const failure = await client.api.customer.search({ text: 'x'.repeat(101) }).catch(codeOf);
    expect(failure).toBe('BAD_INPUT');
  });

  test('an answer that does not fit the contract is an error, not data', async () => {
    const { host, client } = connect();
    Object.assign(host.state, { settings: { colorScheme: 'pink' } });
    expect(await client.api.host.info({}).catch(codeOf)).toBe('INTERNAL');
  });

  test('when the host dies, an open call rejects with HOST_GONE instead of waiting for ever', async () => {
    const { host, client } = connect();
    host.state.silent.add('sync.status');
    const answer = client.api.sync.status({}).catch(codeOf);
    host.kill();
    expect(await answer).toBe('HOST_GONE');
  });

  test('also over a wire that itself never says anything (the ports of a browser)', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const client = createHostClient((onWire) => {
      onWire({ link: { call: () => new Promise(() => undefined) }, closed, close: () => undefined });
      return () => undefined;
    });
    const answer = client.api.sync.status({}).catch(codeOf);
    resolve();
    expect(await answer).toBe('HOST_GONE');
  });

  test('while the host is away, a new call rejects at once', async () => {
    const { host, client } = connect();
    host.kill();
    await Promise.resolve();
    expect(await client.api.sync.status({}).catch(codeOf)).toBe('HOST_GONE');
    expect(client.connection.getState().status).toBe('gone');
  });

  test('a new wire makes it whole again, and counts as another one', async () => {
    const { host, client } = connect();
    host.kill();
    host.restart();
    await client.whenUp();
    expect((await client.api.session.state({})).status).toBe('signed_in');
    expect(client.connection.getState().wires).toBe(2);
  });

  test('an event stream ends when the host dies', async () => {
    const { host, client } = connect();
    const seen: HostEvent['type'][] = [];
    const following = (async () => {
      for await (const event of await client.api.host.events({})) {
        seen.push(event.type);
        if (seen.length === 3) host.kill();
      }
    })();
    await expect(following).rejects.toBeDefined();
    expect(seen).toEqual(['screen', 'session', 'sync']);
  });
});
