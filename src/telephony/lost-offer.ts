import type { Session } from 'sip.js';

/**
 * The socket is gone, and with it an offer in the dialog that was on its way: it fails now, as RFC 3261 section 8.1.3.1 has it.
 * SIP.js would wait for its answer for 32 s, for ever where a 100 had come, and make no other offer meanwhile: no resume, no
 * new network path.
 */
export function failLostOffer({ dialog }: Session): void {
  const client: unknown = dialog && Reflect.get(dialog, 'reinviteUserAgentClient');
  const transaction: unknown = isObject(client) ? Reflect.get(client, 'transaction') : null;
  if (!isObject(transaction)) return;
  const state: unknown = Reflect.get(transaction, 'state');
  const fail: unknown = Reflect.get(transaction, 'onTransportError');
  // An answer that is being taken needs no help.
  if ((state !== 'Calling' && state !== 'Proceeding') || typeof fail !== 'function') return;
  fail.call(transaction, new Error('socket lost'));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
