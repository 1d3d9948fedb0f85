/**
 * The `o=` line of what one call sends, as RFC 3264 section 8 wants it: one session, and a version that grows, also where another
 * connection of the browser makes the descriptions from now on.
 */
export function createOrigin(): (sdp: string) => string {
  let session: string | null = null;
  let maker: string | null = null;
  let before = 0;
  let last = 0;
  return (sdp) =>
    sdp.replace(/^o=(\S+) (\d+) (\d+) /m, (_whole, user: string, id: string, version: string) => {
      session ??= id;
      if (maker !== null && maker !== id) before = last;
      maker = id;
      last = before + Number(version);
      return `o=${user} ${session} ${last} `;
    });
}
