/** Milliseconds since 1970, as Date.now() gives them. Comes in as an argument, so that tests can turn it. */
export type Clock = () => number;

/** The instant as the wire writes it. */
export function instant(clock: Clock): string {
  return new Date(clock()).toISOString();
}
