import { z } from 'zod';
import { Id } from './ids.ts';
import { ScriptCode, ScriptContent, ScriptHash, ScriptKind } from './script.ts';
import { Instant } from './text.ts';

/** Of a script; from 1. */
const Version = z.int().min(1).max(1_000_000);
const InBoth = z.object({ ko: z.string(), en: z.string() });

export const ScriptVersionInfo = z.object({
  number: Version,
  hash: ScriptHash,
  title: InBoth,
  savedAt: Instant,
  savedBy: z.string(),
});
export type ScriptVersionInfo = z.infer<typeof ScriptVersionInfo>;

/** A script as those who write see it. */
export const ScriptHead = z.object({
  id: Id,
  code: ScriptCode,
  kind: ScriptKind,
  latest: ScriptVersionInfo,
  /** The version that agents have; null: never published, or withdrawn. */
  published: Version.nullable(),
  /** It was published once. */
  withdrawn: z.boolean(),
});
export type ScriptHead = z.infer<typeof ScriptHead>;

/** GET /v1/scripts, by code. */
export const ScriptShelf = z.object({ scripts: z.array(ScriptHead) });
export type ScriptShelf = z.infer<typeof ScriptShelf>;

/** What keeps a version from being published; the codes stand in script-check.ts. */
export const ScriptFaultOnWire = z.object({ code: z.string(), stepId: z.string().nullable(), detail: z.string() });
export type ScriptFaultOnWire = z.infer<typeof ScriptFaultOnWire>;

/** GET /v1/scripts/{code}/versions/{number}: whole, however old, with its faults as things are now. */
export const ScriptVersion = ScriptVersionInfo.extend({ content: ScriptContent, faults: z.array(ScriptFaultOnWire) });
export type ScriptVersion = z.infer<typeof ScriptVersion>;
export const ScriptVersionList = z.object({ head: ScriptHead, versions: z.array(ScriptVersionInfo) });

/** PUT /v1/scripts: the content is checked by the centre; what does not have the form of a script answers BAD_INPUT. */
export const ScriptSave = z.object({
  content: ScriptContent,
  /** The newest version that its author has seen; null: none. CHANGED_MEANWHILE where there is a newer one with other words. */
  seen: Version.nullable(),
});
export type ScriptSave = z.infer<typeof ScriptSave>;
/** The words of the latest version again are that version: `number` is the same. */
export const ScriptSaved = z.object({ number: Version, head: ScriptHead, faults: z.array(ScriptFaultOnWire) });
export type ScriptSaved = z.infer<typeof ScriptSaved>;

/** POST /v1/scripts/{code}/publish. `seen` as in ScriptSave. BAD_INPUT with the faults where it has some. */
export const ScriptPublish = z.object({ number: Version, seen: Version });
export type ScriptPublish = z.infer<typeof ScriptPublish>;
