import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/encode.ts', 'src/decode.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  dts: true,
  sourcemap: true,
});
