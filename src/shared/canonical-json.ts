/**
 * The one writing of a JSON value: keys sorted by their UTF-16 units at every depth, no spaces, what is undefined left out (RFC 8785,
 * whose numbers and texts are those of JSON.stringify). Two values that mean the same have the same writing, so a hash of it names them.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  const sorted = members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`).join(',')}}`;
}
