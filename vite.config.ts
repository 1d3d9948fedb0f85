import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The desk page, built once for both shells. Relative addresses, so that `http://127.0.0.1:4700/` and `app://desk/` both find
 * their files; nothing is inlined as data: because the page policy allows fonts and scripts from the own origin only.
 */
export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
});
