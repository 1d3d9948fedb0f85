import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findForbiddenImports, projectRoot } from './import-table.ts';

describe('the import table', () => {
  it('holds for every file of src', () => {
    expect(findForbiddenImports(projectRoot)).toEqual([]);
  });

  describe('notices', () => {
    let root: string;
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'dangol-imports-'));
    });
    afterEach(() => rmSync(root, { recursive: true }));

    const cases: [string, string, string][] = [
      ['a pure file that reaches for node', 'src/shared/a.ts', "import { readFileSync } from 'node:fs';"],
      ['a pure file that reads the environment', 'src/shared/a.ts', 'export const a = () => process.env.A;'],
      ['a page that imports the host', 'src/renderer/a.tsx', "import { x } from '../main/db/open.ts';"],
      ['telephony that uses React', 'src/telephony/a.ts', "import { useState } from 'react';"],
      ['the sync engine with a database of its own', 'src/sync/a.ts', "import Database from 'better-sqlite3';"],
      ['the RPC library outside its files', 'src/renderer/screens/a.tsx', "import { oc } from '@orpc/contract';"],
      ['SIP.js outside telephony', 'src/renderer/a.ts', "const sip = await import('sip.js');"],
      ['electron outside its folder', 'src/main/a.ts', "import { app } from 'electron';"],
      ['the host that imports a shell', 'src/main/a.ts', "import { serve } from './serve/start.ts';"],
      ['a file that fits no row', 'src/elsewhere/a.ts', 'export const a = 1;'],
    ];
    it.each(cases)('%s', (_, file, code) => {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), code);
      expect(findForbiddenImports(root)).toHaveLength(1);
    });
  });
});
