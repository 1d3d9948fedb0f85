import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const DECODE = 'return s.split("").map((ch) => ch.charCodeAt(0) - 32);';

/**
 * SIP.js's generated grammar decodes its 236 tables anew for each header that it reads, which is half of what reading an INVITE
 * costs. The parser never writes into them: here they are decoded once. Where another SIP.js looks different, the build says so.
 */
function decodeGrammarOnce(): Plugin {
  return {
    name: 'decode-sip-grammar-once',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('sip.js/lib/grammar/pegjs/dist/grammar.js')) return null;
      if (!code.includes(DECODE))
        throw new Error('the grammar of SIP.js has changed: look again whether it decodes its tables anew');
      const once = `let known = peg$decoded.get(s);
        if (known === undefined) {
            known = s.split("").map((ch) => ch.charCodeAt(0) - 32);
            peg$decoded.set(s, known);
        }
        return known;`;
      return { code: `const peg$decoded = new Map();\n${code.replace(DECODE, () => once)}`, map: null };
    },
  };
}

/**
 * The desk page, built once for both shells. Relative addresses, so that `http://127.0.0.1:4700/` and `app://desk/` both find
 * their files; nothing is inlined as data: because the page policy allows fonts and scripts from the own origin only.
 */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [decodeGrammarOnce(), react()],
  build: {
    outDir: '../../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
});
