import { defineConfig } from 'vite';

/** The page: everything under `dist/page`, served by the collector. No address of another host is in it. */
export default defineConfig({
  base: '/',
  build: {
    outDir: 'dist/page',
    target: 'es2022',
    // Under a Content-Security-Policy that allows no inline source and no data: script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
