import { WebSocket } from 'ws';
import type { PhoneEnvironment, Socket } from '../../src/telephony/phone-environment.ts';

/**
 * Hours in a second: time stands still while the phone waits for an answer from a real socket, and jumps to the next timer when
 * nothing is on its way. So a test of a quarter of an hour is exact on any machine.
 */
export class SteppingClock {
  now = 1_000_000_000_000;
  #timers: { at: number; ring: () => void }[] = [];
  /** What keeps the line (REGISTER, OPTIONS) and is not answered yet, by CSeq and Call-ID. */
  readonly #open = new Set<string>();
  #opening = 0;
  #tell = () => {};

  /** What the phone lives in. */
  readonly environment: Pick<PhoneEnvironment, 'startTimer' | 'now' | 'openSocket'> = {
    now: () => this.now,
    startTimer: (milliseconds, ring) => {
      const timer = { at: this.now + milliseconds, ring };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      };
    },
    openSocket: (url) => this.#openSocket(url),
  };

  #openSocket(url: string): Socket {
    const socket = new WebSocket(url, 'sip');
    this.#opening += 1;
    const settled = () => {
      this.#opening -= 1;
      this.#tell();
    };
    socket.once('open', settled);
    socket.once('error', settled);
    // Given up: nobody waits for what was asked on it.
    const close = socket.close.bind(socket);
    socket.close = () => {
      this.#open.clear();
      this.#tell();
      close();
    };
    socket.on('message', (data) => {
      const key = keyOf(String(data));
      // The phone reads the message first: its listener was there before this turn ends.
      if (key) setImmediate(() => this.#answered(key));
    });
    const send = socket.send.bind(socket);
    socket.send = ((message: string) => {
      const key = /^(REGISTER|OPTIONS) /.test(message) ? keyOf(message) : null;
      if (key) this.#open.add(key);
      send(message);
    }) as typeof socket.send;
    return socket as Socket;
  }

  #answered(key: string): void {
    this.#open.delete(key);
    this.#tell();
  }

  /** Nobody answers any more: waiting for it would be for ever. */
  forgetOpen(): void {
    this.#open.clear();
  }

  /** The machine sleeps: time passes, no timer rings. */
  sleep(milliseconds: number): void {
    this.now += milliseconds;
  }

  /** Lets this much time pass, timer after timer. `deaf`: does not wait for answers, because none will come. */
  async pass(milliseconds: number, { deaf = false } = {}): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await this.#quiet(deaf);
      const next = this.#timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.now = Math.max(this.now, next.at);
      next.ring();
    }
    this.now = end;
  }

  async #quiet(deaf: boolean): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#opening > 0 || (!deaf && this.#open.size > 0)) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
  }
}

function keyOf(message: string): string | null {
  const callId = /^Call-ID: *(.*?)\r?$/im.exec(message)?.[1];
  const cseq = /^CSeq: *(.*?)\r?$/im.exec(message)?.[1];
  return callId === undefined || cseq === undefined ? null : `${callId} ${cseq}`;
}
