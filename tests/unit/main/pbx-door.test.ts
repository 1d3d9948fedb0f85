import { expect, test } from 'vitest';
import { createPbxDoor } from '../../../src/main/pbx-door.ts';
import type { HostEvent } from '../../../src/shared/host-types.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { PbxAgent } from '../../../src/shared/pbx.ts';

const AT = '2026-11-23T09:00:00.000Z';

function door(sitting: () => string) {
  const told: HostEvent[] = [];
  const made = createPbxDoor({
    central: { ask: () => Promise.reject(new Error('not asked')) },
    seat: { author: () => ({ id: sitting(), login: 'kim', name: '김상담', role: 'agent', teamId: null }) },
    accessToken: async () => null,
    emit: (event) => told.push(event),
  });
  return { told, ...made };
}

const agent = (agentId: string): PbxAgent => ({
  agentId,
  run: newId(),
  seq: 1,
  link: 'up',
  linkSince: AT,
  state: { state: 'break', reason: 'lunch' },
  since: AT,
  changedBy: 'agent',
  seats: [],
  reachable: null,
  asOf: AT,
});

test('what the centre still tells of the agent before is shown to nobody', () => {
  let sitting = newId();
  const { told, heard, now } = door(() => sitting);
  heard({ type: 'pbx', agent: agent(sitting) });
  expect(told).toMatchObject([{ type: 'pbx', agent: { agentId: sitting } }]);
  const before = sitting;
  sitting = newId();
  heard({ type: 'pbx', agent: agent(before) });
  expect(told).toHaveLength(1);
  expect(now()).toEqual({ type: 'pbx', agent: null });
});

test('without a live connection nothing is known, for a window that opens too', () => {
  const sitting = newId();
  const { told, heard, now } = door(() => sitting);
  heard({ type: 'pbx', agent: agent(sitting) });
  expect(now()).toMatchObject({ agent: { agentId: sitting } });
  heard(null);
  expect(told.at(-1)).toEqual({ type: 'pbx', agent: null });
  expect(now()).toEqual({ type: 'pbx', agent: null });
});

test('nobody signed in: the PBX is asked for nothing', async () => {
  const { setState } = door(() => newId());
  await expect(setState({ state: 'available' })).rejects.toMatchObject({ code: 'SIGNED_OUT' });
});
