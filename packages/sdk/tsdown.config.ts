import { defineConfig } from 'tsdown';

const common = { platform: 'node', target: 'node20.18', sourcemap: true } as const;

export default defineConfig([
  {
    ...common,
    entry: ['src/index.ts', 'src/spool.ts', 'src/register.ts', 'src/preload/loader.ts'],
    format: 'esm',
    dts: true,
  },
  // One file that a constructor can load at once, with what is ESM only inside.
  {
    ...common,
    entry: ['src/preload/preloaded.ts'],
    format: 'cjs',
    dts: false,
    clean: false,
    noExternal: ['@mcp-vitals/prometheus', '@mcp-vitals/sketch', /^@mcp-vitals\/wire/],
  },
]);
