/**
 * The desk page's Content-Security-Policy, one text for both shells (RELIABILITY: "Electron and the page").
 * The page may run only its own scripts; strings become markup or script addresses only through the Trusted Types policy
 * `default` that the page makes before any bundle. `style-src 'unsafe-inline'`: Mantine writes style elements.
 * @param connect where the page may open connections besides its own origin: sources such as `wss:` or `ws://127.0.0.1:4702`.
 */
export function contentSecurityPolicy({ connect }: { connect: readonly string[] }): string {
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'media-src': ["'self'", 'blob:'],
    'worker-src': ["'self'"],
    'manifest-src': ["'self'"],
    'connect-src': ["'self'", ...connect.filter(isSource)],
    'object-src': ["'none'"],
    'frame-src': ["'none'"],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ['default'],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/**
 * The SIP server is named by the centre after sign-in, when the page and its policy are already loaded: the page may
 * therefore open WebSockets anywhere, and nothing else.
 */
export const ANY_WEBSOCKET: readonly string[] = ['ws:', 'wss:'];

/** The other headers every answer of a shell carries. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // Our own page never films the screen, whoever asks for it.
  'permissions-policy': 'display-capture=(), camera=(), geolocation=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** A source with white space, a comma or a semicolon would be another directive. */
function isSource(source: string): boolean {
  return /^[a-z]+:(\/\/[\w.:[\]-]+)?$/i.test(source);
}
