import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptContent } from '../../shared/script.ts';
import { ScriptSaved, ScriptShelf } from '../../shared/script-authoring.ts';
import { type CentreClient, expect } from './centre-client.ts';

/** The ready-made scripts, which a business may import as they are: docs/scripts.md. */
const FOLDER = join(import.meta.dirname, '../../../assets/scripts');

/**
 * Publishes the ready-made scripts that the centre does not have. What somebody changed or withdrew in practice stays as they left it.
 */
export async function seedScripts(centre: CentreClient): Promise<void> {
  const { scripts } = expect(ScriptShelf, await centre.get('/v1/scripts'), '/v1/scripts');
  const known = new Map(scripts.map((head) => [head.code, head]));
  for (const file of readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const content = ScriptContent.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
    const head = known.get(content.code);
    if (head && (head.published !== null || head.withdrawn)) continue;
    const body = { content, seen: head?.latest.number ?? null };
    const { number } = expect(ScriptSaved, await centre.put('/v1/scripts', body), '/v1/scripts');
    await centre.post(`/v1/scripts/${content.code}/publish`, { number, seen: number });
  }
}
