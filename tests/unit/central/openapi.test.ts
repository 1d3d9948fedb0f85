import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openApiText } from '../../../src/central/openapi.ts';
import { POLICIES } from '../../../src/central/policies.ts';

it('docs/openapi.json is what the routes say; if not: npm run admin -- openapi --write docs/openapi.json', async () => {
  const fresh = await openApiText();
  const committed = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
  expect(committed === fresh, 'docs/openapi.json is stale: npm run admin -- openapi --write docs/openapi.json').toBe(
    true,
  );

  // And every policy has its endpoint: none is left behind.
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(JSON.parse(fresh));
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  const hidden = ['GET /openapi.json', 'GET /v1/sync/live', 'LIVE /v1/sync/live'];
  expect([...documented, ...hidden].sort()).toEqual(Object.keys(POLICIES).sort());
}, 120_000);
