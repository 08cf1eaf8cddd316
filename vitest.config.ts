import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Packages resolve each other to their sources, so that tests and coverage see what is edited. Tests that start real
// processes use the built packages; `npm test` builds them first.
export default defineConfig({
  resolve: { conditions: ['@mcp-vitals/source'] },
  ssr: { resolve: { conditions: ['@mcp-vitals/source'], externalConditions: ['@mcp-vitals/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
    provide: { thoroughness: process.env.MCP_VITALS_TEST_FULL === '1' ? 10 : 1 },
    // Many tests wait for processes of their own: on two cores, two files at a time take two thirds of the time of one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: ['scripts/testSetup.ts'],
    reporters: ['default', './scripts/closingLine.ts'],
    testTimeout: process.env.MCP_VITALS_TEST_FULL === '1' ? 600_000 : 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.contract.ts', '**/*Fixtures.ts'],
      reporter: ['text-summary', 'json-summary'],
      reportOnFailure: true,
      thresholds: { lines: 90 },
    },
  },
});
