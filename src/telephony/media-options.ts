import type { StartTimer } from './timers.ts';

export type MediaState = 'connecting' | 'connected' | 'interrupted';

export interface CallMediaOptions {
  openPeer: () => RTCPeerConnection;
  /** The long-lived microphone; each call sends a clone of its track. */
  microphone: () => Promise<MediaStream>;
  startTimer: StartTimer;
  /** The PBX wants keys outside the audio, whatever was agreed. */
  noTones: boolean;
  /** Tells that `microphone` gives another stream now. Returns the way to stop listening. */
  onMicrophone?: ((listener: () => void) => () => void) | undefined;
  /** The new track is being sent. `heard`: whether anything but silence leaves, read back from the sender. */
  onSwitched?: (heard: boolean) => void;
  onRemote: (remote: MediaStream) => void;
  onState: (state: MediaState) => void;
}
