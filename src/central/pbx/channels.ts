import { AmiError } from './ami-connection.ts';
import type { AmiLink } from './ami-link.ts';
import type { Channel } from './monitors.ts';

export type Ask = (fields: Record<string, string>) => ReturnType<AmiLink['action']>;

const NOTHING_RECORDS = 'Cannot set mute flag';
const NOTHING_TO_STOP = 'Could not stop monitoring channel';
const CHANNEL_GONE = 'No such channel';

/** Asterisk's ways to say that nothing records this channel. */
export function saysNothing(error: unknown): boolean {
  const known = [NOTHING_RECORDS, NOTHING_TO_STOP, CHANNEL_GONE];
  return error instanceof AmiError && error.kind === 'error' && known.includes(error.message);
}

function noSuchChannel(error: unknown): undefined {
  if (error instanceof AmiError && error.kind === 'error') return undefined;
  throw error;
}

/** Every channel that the PBX has now. */
export async function listChannels(ask: Ask) {
  const { list } = await ask({ Action: 'CoreShowChannels' });
  return list.map(
    ({ Channel: name = '', Uniqueid: uniqueid = '', Linkedid: linkedid = '', BridgeId: bridge = '' }) => ({
      name,
      uniqueid,
      linkedid,
      bridge,
    }),
  );
}

/** The channel of this device whose SIP dialog has this Call-ID; nobody else's. */
export async function findChannel(
  ask: Ask,
  device: string | null,
  sipCallId: string,
  channels: readonly Channel[],
): Promise<Channel | null> {
  for (const channel of channels.filter(({ name }) => device !== null && name.startsWith(`${device}-`))) {
    const asked = { Action: 'Getvar', Channel: channel.name, Variable: 'CHANNEL(pjsip,call-id)' };
    const value = await ask(asked).then(({ response }) => response.Value, noSuchChannel);
    if (value === sipCallId) return channel;
  }
  return null;
}

/** Whether two channels hear each other. */
export function isJoined(one: Pick<Channel, 'bridge'>, other: Pick<Channel, 'bridge'>): boolean {
  return one.bridge !== '' && one.bridge === other.bridge;
}
