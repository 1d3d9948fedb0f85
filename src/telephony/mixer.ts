import type { CallMedia } from './call-media.ts';

/**
 * Lets two calls hear each other and the agent: each is sent the microphone and the other's voice. Mixed in the page with
 * Web Audio, so that it needs nothing of the PBX.
 * @returns the way to end it.
 * @throws where the page may not make sound or a side has no audio yet: then nothing has changed.
 */
export async function mixTwo(openAudio: () => AudioContext, one: CallMedia, other: CallMedia): Promise<() => void> {
  const context = openAudio();
  const undo: (() => void)[] = [];
  const stop = () => {
    for (const step of undo.reverse()) step();
    context.close().catch(() => {});
  };
  try {
    await context.resume();
    undo.push(sendMixed(context, one, other), sendMixed(context, other, one));
    return stop;
  } catch (error) {
    stop();
    throw error;
  }
}

function sendMixed(context: AudioContext, to: CallMedia, from: CallMedia): () => void {
  const voice = from.remoteTrack();
  if (context.state !== 'running' || !voice) throw new Error('no audio');
  const stream = new MediaStream([voice]);
  // Chromium hands received audio to Web Audio only while an element plays it.
  const puller = new Audio();
  puller.muted = true;
  puller.srcObject = stream;
  const mixed = context.createMediaStreamDestination();
  mixed.channelCount = 1;
  const [track] = mixed.stream.getAudioTracks();
  if (!track) throw new Error('no audio');
  context.createMediaStreamSource(stream).connect(mixed);
  let microphone: MediaStreamAudioSourceNode | null = null;
  to.sendThrough((own) => {
    microphone?.disconnect();
    microphone = context.createMediaStreamSource(new MediaStream([own]));
    microphone.connect(mixed);
    return track;
  });
  return () => {
    to.sendThrough(null);
    track.stop();
    puller.srcObject = null;
  };
}
