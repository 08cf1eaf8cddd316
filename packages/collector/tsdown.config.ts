import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { index: 'src/index.ts', cli: 'src/cli/main.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  dts: true,
  sourcemap: true,
  // Served as they are: the page at `/`, the views as `ui://` resources.
  copy: ['page', 'views'].map((part) => ({ from: `../dashboard/dist/${part}`, to: 'dist/dashboard' })),
});
