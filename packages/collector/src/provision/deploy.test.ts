/** What lies in `deploy/` for those who run everything in containers is what the commands in docs/deploy.md write today. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../alert/thresholds.ts';
import { configSchema } from '../config/schema.ts';
import type { Files } from './files.ts';
import { grafanaFiles } from './grafana/grafanaFiles.ts';
import { prometheusFiles } from './prometheus/prometheusFiles.ts';

const DEPLOY = fileURLToPath(new URL('../../../../deploy/', import.meta.url));

const COMMON = {
  collectorUrl: new URL('http://collector:6848'),
  pageUrl: new URL('http://127.0.0.1:6848'),
  alertmanagerUrl: new URL('http://alertmanager:9093'),
  webhookTokenFile: '/run/secrets/ingest',
};
const { evaluationMinutes, minCalls } = configSchema.parse({ dataDir: '/' }).alerts;

const DEPLOYED: Readonly<Record<'grafana' | 'prometheus', Files>> = {
  grafana: grafanaFiles({
    ...COMMON,
    tools: ['quote_shipping', 'reserve_stock', 'search_products'].map((tool) => ({ server: 'example-shop', tool })),
    thresholds: DEFAULT_THRESHOLDS,
    prometheusUrl: new URL('http://prometheus:9090'),
    dashboardsPath: '/var/lib/mcp-vitals/dashboards',
    traceDatasource: undefined,
    slack: false,
  }),
  prometheus: prometheusFiles({
    ...COMMON,
    settings: { thresholds: DEFAULT_THRESHOLDS, objectives: [], evaluationMinutes, minCalls },
    readTokenFile: '/run/secrets/read',
    docsUrl: undefined,
    onlyMissing: true,
  }),
};

it.each(['grafana', 'prometheus'] as const)('deploy/%s is as the command writes it', (name) => {
  const dir = join(DEPLOY, name);
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    );
  expect(files.sort()).toEqual([...DEPLOYED[name].keys()].sort());
  for (const [path, content] of DEPLOYED[name]) expect(readFileSync(join(dir, path), 'utf8'), path).toBe(content);
});
