import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

/** Libraries that are pure: no node:, DOM, electron or React inside, so they may go anywhere. */
const PURE = ['zod', 'uuid', 'libphonenumber-js', 'libphonenumber-js/max', 'es-hangul'];

interface Row {
  folder: string;
  /** Our folders (or files) that may be imported. */
  ours: string[];
  /** Packages that may be imported, beside the pure ones; a trailing * matches anything. */
  world: string[];
  /** Globals that must not appear. */
  noGlobals: RegExp | null;
}

const NODE_GLOBALS = /\b(process|Buffer|__dirname|require)\b\s*[.(]/;
const DOM_GLOBALS = /\b(window|document|localStorage|navigator)\s*\./;
const NO_GLOBALS = /\b(process|Buffer|__dirname|window|document|localStorage|navigator)\s*[.(]/;
const MAIN_ENTRIES = [
  'src/main/desk-file.ts',
  'src/main/host.ts',
  'src/main/page-files.ts',
  'src/main/router.ts',
  'src/main/router-parts.ts',
  'src/main/write-durably.ts',
];

/**
 * Which folder may import which, and which world it may touch. The most particular row that fits a file counts;
 * a file that fits none is itself an error.
 */
export const IMPORT_TABLE: Row[] = [
  { folder: 'src/shared', ours: [], world: [], noGlobals: NO_GLOBALS },
  { folder: 'src/telephony', ours: ['src/shared'], world: ['sip.js', 'sip.js/*'], noGlobals: NODE_GLOBALS },
  { folder: 'src/sync', ours: ['src/shared'], world: [], noGlobals: NO_GLOBALS },
  { folder: 'src/main', ours: ['src/shared', 'src/sync'], world: ['node:*', 'better-sqlite3'], noGlobals: DOM_GLOBALS },
  {
    folder: 'src/main/electron',
    ours: ['src/shared', 'assets', ...MAIN_ENTRIES],
    world: ['electron', 'node:*'],
    noGlobals: null,
  },
  {
    folder: 'src/main/serve',
    ours: ['src/shared', 'assets', ...MAIN_ENTRIES],
    world: ['node:*', 'ws'],
    noGlobals: DOM_GLOBALS,
  },
  {
    folder: 'src/renderer',
    ours: ['src/shared', 'src/telephony', 'assets'],
    world: [
      'react',
      'react/*',
      'react-dom',
      'react-dom/*',
      'zustand',
      'zustand/*',
      '@mantine/*',
      'mdast',
      'mdast-util-from-markdown',
      'mdast-util-gfm-table',
      'micromark-extension-gfm-table',
      '@tabler/icons-react',
      '@tanstack/react-virtual',
      'i18next',
      'react-i18next',
      'pretendard/*',
    ],
    noGlobals: NODE_GLOBALS,
  },
  {
    folder: 'src/central',
    ours: ['src/shared'],
    world: [
      'node:*',
      'fastify',
      'html-to-text',
      'iconv-lite',
      'imapflow',
      'nodemailer/*',
      'postal-mime',
      'fastify-*',
      '@fastify/*',
      'hucre/xlsx',
      'kysely',
      'kysely/*',
      'pg',
      '@electric-sql/*',
      '@node-rs/argon2',
      'jose',
      'pino',
      'ws',
    ],
    noGlobals: DOM_GLOBALS,
  },
  {
    folder: 'src/sandbox',
    ours: ['src/shared'],
    world: ['node:*', 'sip.js', 'sip.js/*', 'werift', 'ws'],
    noGlobals: DOM_GLOBALS,
  },
];

/** The only files that know the RPC library. */
const ORPC_FILES = [
  'src/shared/contract.ts',
  'src/shared/contract-base.ts',
  'src/main/router.ts',
  'src/main/router-parts.ts',
  'src/main/wire-errors.ts',
  'src/renderer/host-client.ts',
  'src/main/serve/rpc-socket.ts',
  'src/main/electron/host-process.ts',
];

/** Everything that breaks the table, one line each; empty when the house is in order. */
export function findForbiddenImports(root: string): string[] {
  return sourceFiles(join(root, 'src')).flatMap((path) => {
    const file = relative(root, path).split(sep).join('/');
    const row = rowOf(file);
    if (!row) return [`${file}: no row of the import table fits`];
    const code = withoutComments(readFileSync(path, 'utf8'));
    const wrong = importsOf(code).flatMap((name) => {
      const reason = whyForbidden(file, row, name);
      return reason ? [`${file}: ${reason}`] : [];
    });
    const global = row.noGlobals?.exec(withoutStrings(code));
    return global ? [...wrong, `${file}: touches ${global[0]}`] : wrong;
  });
}

function rowOf(file: string): Row | undefined {
  return IMPORT_TABLE.filter((row) => file.startsWith(`${row.folder}/`)).sort(
    (a, b) => b.folder.length - a.folder.length,
  )[0];
}

function whyForbidden(file: string, row: Row, name: string): string | null {
  if (name.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), name));
    const own = rowOf(target)?.folder === row.folder;
    const allowed = row.ours.some((path) => target === path || target.startsWith(`${path}/`));
    const nested = row.folder === 'src/main' && /^src\/main\/(electron|serve)\//.test(target);
    return (own || allowed) && !nested ? null : `may not import ${target}`;
  }
  if (name.startsWith('@orpc/'))
    return ORPC_FILES.includes(file) ? null : `may not import ${name} (only ${ORPC_FILES.join(', ')})`;
  const fits = [...PURE, ...row.world].some((rule) =>
    rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule,
  );
  return fits ? null : `may not import ${name}`;
}

function importsOf(code: string): string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)(['"])([^'"]+)\1/g;
  return [...code.matchAll(pattern)].map((match) => match[2] ?? '');
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

function withoutStrings(code: string): string {
  return code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''");
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|js)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The project's folder. */
export const projectRoot = dirname(dirname(dirname(import.meta.dirname)));
