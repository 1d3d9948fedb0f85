// npm run admin: the centre's administration, under the Node 24 that the project brings along.
import { ensureInstalled } from './lib/install.mjs';
import { inRoot } from './lib/paths.mjs';
import { runNode } from './lib/run.mjs';

await ensureInstalled();
process.exit(await runNode([inRoot('src', 'central', 'admin.ts'), ...process.argv.slice(2)]));
