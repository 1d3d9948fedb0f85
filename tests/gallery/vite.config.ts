import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { ANY_WEBSOCKET, contentSecurityPolicy, PAGE_HEADERS } from '../../src/shared/page-policy.ts';

/** The gallery runs the real screens under the real page policy, so that what the policy forbids is seen here first. */
export default defineConfig({
  root: 'tests/gallery',
  base: './',
  publicDir: '../../src/renderer/public',
  plugins: [react()],
  build: {
    outDir: '../../dist/gallery',
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3000,
  },
  preview: {
    host: '127.0.0.1',
    headers: { ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy({ connect: ANY_WEBSOCKET }) },
  },
});
