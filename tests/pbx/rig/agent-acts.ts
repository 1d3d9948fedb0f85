import type { PhonePage } from './phone-page.ts';

/** Takes the call that rings; resolves when sound runs. */
export async function answer(phone: PhonePage) {
  const { callId } = await phone.call('ringing');
  await phone.page.evaluate((id) => globalThis.testPhone.answer(id), callId);
  return phone.until('talking', ({ calls }) => {
    const call = calls.find((one) => one.callId === callId);
    return call?.phase === 'talking' && call.media === 'connected' ? call : undefined;
  });
}

/** Resolves true as soon as the newest call brings this pitch, false after eight seconds. */
export function hears(phone: PhonePage, hz: number): Promise<boolean> {
  return phone.page.evaluate((pitch) => globalThis.dangolProbe.hears(pitch, 8000), hz);
}

export function ended(phone: PhonePage, callId: string) {
  return phone.until('ended', ({ calls }) => {
    const call = calls.find((one) => one.callId === callId);
    return call?.phase === 'ended' ? call : undefined;
  });
}
