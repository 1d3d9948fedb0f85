import { describe, expect, it } from 'vitest';
import { createEcho, createSpeaker } from '../../../src/sandbox/media/speaker.ts';
import { decodeUlaw, FRAME_BYTES, levelOf, silentFrame } from '../../../src/sandbox/media/ulaw.ts';

/** 20 ms of a loud tone in mu-law: the byte 0x80 is the loudest positive sample, 0x00 the loudest negative. */
const loud = () => Uint8Array.from({ length: FRAME_BYTES }, (_, i) => (i % 8 < 4 ? 0x80 : 0x00));
const sound = (frames: number, byte = 0x90) => new Uint8Array(frames * FRAME_BYTES).fill(byte);

type Speaker = ReturnType<typeof createSpeaker>;
/** Lets time pass: each frame the agent is heard, then the caller sends. Returns what the caller sent. */
function pass(speaker: Speaker, ms: number, agent: () => Uint8Array = silentFrame, held = false) {
  const sent: ('speech' | 'silence' | 'hang-up')[] = [];
  for (let frame = 0; frame < ms / 20; frame += 1) {
    speaker.hear(agent());
    const next = speaker.next(held);
    if (next === 'hang-up') sent.push('hang-up');
    else sent.push(levelOf(next) > -60 ? 'speech' : 'silence');
  }
  return sent;
}
const lines = [
  { sound: sound(50), waitMs: 1000 },
  { sound: sound(50), waitMs: 4000 },
];

describe('mu-law', () => {
  it('decodes the corner values of G.711', () => {
    expect([0xff, 0x7f, 0x80, 0x00].map(decodeUlaw).map((value) => value + 0)).toEqual([0, 0, 32_124, -32_124]);
  });
  it('measures silence as silence and full scale as loud', () => {
    expect(levelOf(silentFrame())).toBe(-90);
    expect(levelOf(loud())).toBeGreaterThan(-1);
    expect(levelOf(new Uint8Array())).toBe(-90);
  });
});

describe('a simulated caller', () => {
  it('waits, says the line to its end, and waits again', () => {
    const speaker = createSpeaker({ lines, hangUpAfterMs: null });
    expect(pass(speaker, 980)).not.toContain('speech');
    expect(pass(speaker, 1000)).toEqual(Array(50).fill('speech'));
    expect(pass(speaker, 3980)).not.toContain('speech');
    expect(pass(speaker, 40)).toContain('speech');
    expect(speaker.said()).toBe(2);
  });

  it('goes on sooner when the agent has spoken and stopped', () => {
    const speaker = createSpeaker({ lines, hangUpAfterMs: null });
    pass(speaker, 2000);
    expect(pass(speaker, 600, loud)).not.toContain('speech');
    expect(pass(speaker, 600)).not.toContain('speech');
    expect(pass(speaker, 200)).toContain('speech');
  });

  it('lets the agent finish, but not for ever', () => {
    const speaker = createSpeaker({ lines, hangUpAfterMs: null });
    pass(speaker, 2000);
    expect(pass(speaker, 13_900, loud)).not.toContain('speech');
    expect(pass(speaker, 200, loud)).toContain('speech');
  });

  it('is silent on hold and takes no notice of the time', () => {
    const speaker = createSpeaker({ lines, hangUpAfterMs: null });
    expect(pass(speaker, 10_000, silentFrame, true)).not.toContain('speech');
    expect(pass(speaker, 960)).not.toContain('speech');
    expect(pass(speaker, 100)).toContain('speech');
  });

  it('hangs up after the last line when the scenario says so, not in the middle of the agent’s sentence', () => {
    const speaker = createSpeaker({ lines: lines.slice(0, 1), hangUpAfterMs: 2000 });
    pass(speaker, 2000);
    expect(pass(speaker, 3000, loud)).not.toContain('hang-up');
    expect(pass(speaker, 800)).toContain('hang-up');
    expect(pass(createSpeaker({ lines: [], hangUpAfterMs: null }), 5000)).not.toContain('hang-up');
  });
});

describe('the echo', () => {
  it('says back what it hears and silence when it hears nothing', () => {
    const echo = createEcho();
    expect(echo.next(false)).toEqual(silentFrame());
    echo.hear(loud());
    expect(echo.next(false)).toEqual(loud());
    expect(echo.next(false)).toEqual(silentFrame());
  });
});
