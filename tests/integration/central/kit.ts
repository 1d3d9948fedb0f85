import { z } from 'zod';
import { type Central, type CentralOptions, startCentral } from '../../../src/central/server.ts';
import { SignInResponse } from '../../../src/shared/central-api.ts';
import { type Id, newId } from '../../../src/shared/ids.ts';
import {
  BootstrapStart,
  type Operation,
  type OperationPayload,
  PROTOCOL_VERSION,
  PullResponse,
  PushResponse,
  SnapshotPage,
  type SyncRow,
  type SyncTable,
} from '../../../src/shared/sync-wire.ts';

export interface Answer {
  status: number;
  text: string;
  json: unknown;
  headers: Headers;
}

/** A running centre with the things every test does to it. */
export interface TestCentre extends Central {
  call(
    method: string,
    path: string,
    options?: { token?: string | null; body?: unknown; type?: string },
  ): Promise<Answer>;
  /** As the operator; throws where the answer is no success. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
  /** A user with the password 'correct horse', signed in on a desk. */
  desk(login?: string, options?: { role?: string; deviceId?: Id }): Promise<TestDesk>;
}

export const PASSWORD = 'correct horse';

export async function startTestCentre(options: Partial<CentralOptions> = {}): Promise<TestCentre> {
  const central = await startCentral({ port: 0, practice: false, ...options });
  const call: TestCentre['call'] = async (method, path, { token = null, body, type = 'application/json' } = {}) => {
    const headers = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': type }),
    };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(central.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      text: answer,
      json: isJson ? JSON.parse(answer) : null,
      headers: response.headers,
    };
  };
  const admin: TestCentre['admin'] = async (method, path, body) => {
    const answer = await call(method, `/v1/admin/${path}`, { token: central.adminToken, body });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  const centre: TestCentre = {
    ...central,
    call,
    admin,
    desk: async (login = 'kim', { role = 'agent', deviceId = newId() } = {}) => {
      await admin('PUT', 'users', { login, name: `상담사 ${login}`, role, team: null, password: PASSWORD });
      const answer = await call('POST', '/v1/sign-in', { body: { login, password: PASSWORD, deviceId } });
      return new TestDesk(centre, SignInResponse.parse(answer.json), deviceId);
    },
  };
  return centre;
}

/** A desk as the wire sees it: no store of its own. */
export class TestDesk {
  readonly centre: TestCentre;
  readonly session: SignInResponse;
  deviceId: Id;
  seq = 0;
  constructor(centre: TestCentre, session: SignInResponse, deviceId: Id) {
    this.centre = centre;
    this.session = session;
    this.deviceId = deviceId;
  }
  operation(payload: OperationPayload, more: Partial<Operation> = {}): Operation {
    this.seq += 1;
    const author = { authorId: this.session.agent.id, baseVersion: null, claimedAt: '2026-11-22T09:00:00.000Z' };
    return {
      opId: newId(),
      deviceId: this.deviceId,
      deviceSeq: this.seq,
      schemaVersion: 1,
      ...author,
      payload,
      ...more,
    };
  }
  pushRaw(operations: unknown[], more: object = {}): Promise<Answer> {
    const body = { protocol: PROTOCOL_VERSION, deviceId: this.deviceId, epoch: null, operations, ...more };
    return this.centre.call('POST', '/v1/sync/push', { token: this.session.deviceToken, body });
  }
  async push(...operations: unknown[]): Promise<PushResponse['replies']> {
    return PushResponse.parse((await this.pushRaw(operations)).json).replies;
  }
  /** One operation; its reply. */
  async do(payload: OperationPayload, more: Partial<Operation> = {}): Promise<PushResponse['replies'][number]> {
    const [reply] = await this.push(this.operation(payload, more));
    if (!reply) throw new Error('no reply');
    return reply;
  }
  get(path: string): Promise<Answer> {
    return this.centre.call('GET', path, { token: this.session.accessToken });
  }
  async start(): Promise<BootstrapStart> {
    return BootstrapStart.parse((await this.get('/v1/sync/start')).json);
  }
  async snapshot(table: SyncTable, limit = 5000): Promise<SyncRow[]> {
    const rows: SyncRow[] = [];
    for (let after: Id | null = null; ; ) {
      const path = `/v1/sync/snapshot?table=${table}&limit=${limit}${after === null ? '' : `&after=${after}`}`;
      const page: SnapshotPage = SnapshotPage.parse((await this.get(path)).json);
      rows.push(...page.rows);
      if (page.next === null) return rows;
      after = page.next;
    }
  }
  async pull(cursor: string, limit = 500): Promise<PullResponse> {
    return PullResponse.parse((await this.get(`/v1/sync/changes?cursor=${cursor}&limit=${limit}`)).json);
  }
  /** Every page from the cursor on. */
  async pullAll(cursor: string): Promise<{ rows: SyncRow[]; cursor: string }> {
    const rows: SyncRow[] = [];
    let at = cursor;
    for (;;) {
      const page = await this.pull(at);
      rows.push(...page.rows);
      at = page.cursor;
      if (!page.more) return { rows, cursor: at };
    }
  }
}

const Code = z.object({ code: z.string() });
export function codeOf(answer: Answer): string {
  return Code.parse(answer.json).code;
}

/** The body of a new customer's operation. */
export function newCustomer(name: string, phone = '010-0000-1234', customerId: Id = newId()) {
  return {
    kind: 'customer.create' as const,
    customerId,
    customerKind: 'person' as const,
    name,
    language: 'ko' as const,
    contactPoints: [{ id: newId(), kind: 'phone' as const, value: phone, label: null }],
    custom: {},
  };
}

export function newNote(text: string, customerId: Id | null, interactionId: Id | null = null) {
  return { kind: 'note.save' as const, noteId: newId(), interactionId, customerId, text };
}

export function newCall(customerId: Id | null = null, interactionId: Id = newId()) {
  return {
    kind: 'interaction.record' as const,
    interactionId,
    customerId,
    direction: 'in' as const,
    phone: '01000001234',
    queue: null,
    startedAt: '2026-11-22T09:00:00.000Z',
    answeredAt: null,
    endedAt: null,
    result: null,
  };
}
