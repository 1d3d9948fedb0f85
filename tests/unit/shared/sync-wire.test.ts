import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessEntryText } from '../../../src/shared/access-log.ts';
import { RefreshResponse, SignInRequest, SignInResponse } from '../../../src/shared/central-api.ts';
import * as wire from '../../../src/shared/sync-wire.ts';

/** The schemas that desk and centre exchange, as one text. */
function wireText(): string {
  const schemas = [
    wire.Operation,
    wire.OperationReply,
    wire.PushRequest,
    wire.PushResponse,
    wire.PullResponse,
    wire.BootstrapStart,
    wire.SnapshotPage,
    wire.LiveHello,
    wire.LiveMessage,
    SignInRequest,
    SignInResponse,
    RefreshResponse,
  ];
  return JSON.stringify(schemas.map((schema) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })));
}

/** One line a protocol version. A released line is never changed. */
const HASHES: Record<number, string> = {
  1: '4a0013d573506e71e93b77463f9d6c979e7919437862ed9b93e5f4797ee7930a',
  2: 'dc5a55f07bacbb68ece99243cedf686270f9e1b0a261160afa162bbd17021024',
  3: 'e86a353fc3a822951b974f646ff858b4bcdd649d83047afef29df698d40ceb6d',
  4: '16d273cb1bee60c6d0aae2f225944af64c4487db14c9eb53d1a7791ad293782a',
  5: '2a9793814bbb76ffa02e439f6a35f120d39e1fa0acf305b8835db3801d40bc1c',
  6: 'fe162c2adea471574629dc180957a60c7fa06dea5d181e4f9af56d43e25056d0',
  7: '61809df8923b667ed8a7b7c965f93b6267eda7885fe6934edead30c62c35fab0',
  8: 'd9bf8861ee5a23cc436a93a2b8d1980d54f6632910009ba9bd7bd20214ca9c71',
  9: 'bf9be54698d164f5f6021b99239b82ac5c4d6d0e8dd75b3f146f31dd4c43d8bd',
  10: 'cfc2d2d055520f437be6c704c60261f7bb66e5c46569165d232c421922b41e06',
  11: '3b8b11845f10d70c38999b65074e01e44baa479911bd22d7b981f5042a36a535',
  12: '2bd097d601addfd2e0a691a4c222aba67b4eca526fb5dd242bf384872ec97990',
  13: '08d4d1ff770a11d28eab6ec5ea1e6f282f76ae6b97676ddeff5a7873f05b286c',
  14: '326a3ad8b99490c3e575571b6534881ba5c594ba13dd6ecf7fc28923330fe9c3',
  15: '9e020fc81992fde86b2a511c87ee71abbce451ac59accb11e3d9a16624783756',
  16: '9d92ceb2f8968dd88583e16a8b12879116ac5b66b97631ea39d9adb709fe95f0',
  17: '980c73939729a4d6ba1671aefd8da595e5222c7d0d8199cf9a4efcad82e7aa12',
};

describe('the wire', () => {
  it('is what its PROTOCOL_VERSION says: whoever changes a schema takes the next version and adds its hash here', () => {
    const hash = createHash('sha256').update(wireText()).digest('hex');
    expect({ version: wire.PROTOCOL_VERSION, hash }).toEqual({
      version: wire.PROTOCOL_VERSION,
      hash: HASHES[wire.PROTOCOL_VERSION],
    });
  });

  it('has a row form for every table', () => {
    const id = '01a2054f-e791-72f5-b2b1-bd977c382229';
    for (const table of Object.keys(wire.SYNC_TABLES)) {
      expect(wire.SyncRow.parse({ table, id, version: 1, deleted: true, data: null }).table).toBe(table);
    }
  });

  it('refuses a row whose data is of another table', () => {
    const id = '01a2054f-e791-72f5-b2b1-bd977c382229';
    const row = { table: 'customer', id, version: 1, deleted: false, data: { id, name: '1팀' } };
    expect(wire.SyncRow.safeParse(row).success).toBe(false);
  });
});

it('hashes an access entry over the same text everywhere, whatever the order of its fields', () => {
  const entry = {
    previousHash: '0'.repeat(64),
    id: '01a2054f-e791-72f5-b2b1-bd977c382229',
    deviceId: '01a2054f-e791-72f5-b2b1-bd977c382230',
    seq: 1,
    at: '2026-11-22T09:00:00.000Z',
    agentId: '01a2054f-e791-72f5-b2b1-bd977c382231',
    action: 'view' as const,
    customerId: null,
    context: '전화 "1"',
  };
  const backwards = Object.fromEntries(Object.entries(entry).reverse()) as typeof entry;
  expect(accessEntryText(backwards)).toBe(accessEntryText(entry));
  expect(createHash('sha256').update(accessEntryText(entry)).digest('hex')).toBe(
    '2b68561c8c30f392c400f32cea0a93eb35a1a1a55d022d0d9b28ad779d313890',
  );
});
