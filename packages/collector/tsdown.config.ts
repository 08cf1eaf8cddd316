import { defineConfig } from 'tsdown';

/** What the foundation SDK of Grafana has beside the builders that we use: for another schema, and three times as large. */
const UNUSED_BUILDERS =
  /grafana-foundation-sdk\/dist\/\w+\/(visualization|visualizationV2|query|queryV2)Builder\.gen\.js$/;

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    cli: 'src/cli/main.ts',
    analysisWorker: 'src/analysis/worker.ts',
    benchmarkRunner: 'src/baseline/benchmark/runner.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  dts: true,
  sourcemap: true,
  plugins: [
    {
      name: 'without-unused-builders',
      load: (id: string) => (UNUSED_BUILDERS.test(id.replaceAll('\\', '/')) ? 'module.exports = {};' : undefined),
    },
  ],
  copy: [
    // Served as they are: the page at `/`, the views as `ui://` resources.
    ...['page', 'views'].map((part) => ({ from: `../dashboard/dist/${part}`, to: 'dist/dashboard' })),
    // Its code is in ours, and asks to be accompanied.
    { from: 'node_modules/@grafana/grafana-foundation-sdk/LICENSE', to: 'dist/licenses/grafana-foundation-sdk' },
  ],
});
