import { z } from 'zod';
import { ScriptCode } from '../../shared/script.ts';
import {
  ScriptHead,
  ScriptPublish,
  ScriptSave,
  ScriptSaved,
  ScriptShelf,
  ScriptVersion,
  ScriptVersionList,
} from '../../shared/script-authoring.ts';
import type { CentralApp, CentralContext } from '../app.ts';
import { instant } from '../clock.ts';
import type { Principal } from '../principal.ts';
import { PROBLEMS } from '../problem.ts';
import {
  listScripts,
  listScriptVersions,
  publishScript,
  readScriptVersion,
  saveScript,
  withdrawScript,
} from '../scripts.ts';

const tags = ['scripts'];
const OfScript = z.object({ code: ScriptCode });

/** Writing and publishing scripts. Reading them is the desks' own: what is published comes with the sync. */
export function scriptRoutes(app: CentralApp, { store: { db }, clock, hub }: CentralContext): void {
  const by = ({ principal }: { principal: Principal }) => ({ db, principal, now: instant(clock) });
  app.get('/v1/scripts', { schema: { tags, response: { 200: ScriptShelf, ...PROBLEMS } } }, () => listScripts(db));
  app.get(
    '/v1/scripts/:code/versions',
    { schema: { tags, params: OfScript, response: { 200: ScriptVersionList, ...PROBLEMS } } },
    ({ params }) => listScriptVersions(db, params.code),
  );
  app.get(
    '/v1/scripts/:code/versions/:number',
    {
      schema: {
        tags,
        params: OfScript.extend({ number: z.coerce.number().int().min(1).max(1_000_000) }),
        response: { 200: ScriptVersion, ...PROBLEMS },
      },
    },
    ({ params }) => readScriptVersion(db, params.code, params.number),
  );
  app.put(
    '/v1/scripts',
    { schema: { tags, body: ScriptSave, response: { 200: ScriptSaved, ...PROBLEMS } } },
    (request) => saveScript(by(request), request.body),
  );
  app.post(
    '/v1/scripts/:code/publish',
    { schema: { tags, params: OfScript, body: ScriptPublish, response: { 200: ScriptHead, ...PROBLEMS } } },
    async (request) => {
      const done = await publishScript(by(request), request.params.code, request.body);
      hub.changed();
      return done;
    },
  );
  app.post(
    '/v1/scripts/:code/withdraw',
    { schema: { tags, params: OfScript, response: { 200: ScriptHead, ...PROBLEMS } } },
    async (request) => {
      const done = await withdrawScript(by(request), request.params.code);
      hub.changed();
      return done;
    },
  );
}
