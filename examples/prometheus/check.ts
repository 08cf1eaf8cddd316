/** Calls the tools and expects a scrape to show it, under the names that dashboards ask for. */
import { ok } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../packages/collector/src/testing/freePort.ts';
import { connectStdio } from '../../scripts/demo/connect.ts';

const EXPECTED = [
  'mcp_tool_requests_total{status="success",server="example-dictionary",tool="look_up"} 3',
  'mcp_tool_requests_total{status="error",server="example-dictionary",tool="look_up"} 1',
  'mcp_tool_request_duration_seconds_count{server="example-dictionary",tool="look_up"} 4',
  'mcp_cache_hits_total{server="example-dictionary",cache="meanings"} 1',
  'mcp_cache_misses_total{server="example-dictionary",cache="meanings"} 3',
  'mcp_database_queries_total{server="example-dictionary",query_type="select"} 3',
  'mcp_active_connections{server="example-dictionary",type="stdio"} 1',
];

/** The endpoint is loaded while the server starts, and may be there a moment later. */
async function scrapeOnceListening(url: string, attempts = 50): Promise<string> {
  try {
    return await (await fetch(url)).text();
  } catch (error) {
    if (attempts === 0) throw error;
    await sleep(100);
    return scrapeOnceListening(url, attempts - 1);
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'mcp-vitals-example-'));
const port = await freePort();
const example = await connectStdio({
  command: process.execPath,
  args: ['--import', 'tsx', fileURLToPath(new URL('./server.ts', import.meta.url))],
  env: { METRICS_PORT: String(port), MCP_VITALS_DATA: dataDir, MCP_VITALS_URL: `http://127.0.0.1:${await freePort()}` },
});
try {
  for (const word of ['gauge', 'counter', 'gauge', 'summary']) {
    await example.callTool({ name: 'look_up', arguments: { word } });
  }
  const scrape = await scrapeOnceListening(`http://127.0.0.1:${port}/metrics`);
  const lines = new Set(scrape.split('\n'));
  for (const line of EXPECTED) ok(lines.has(line), `${line}\nis not in\n${scrape}`);
  console.log(`example-dictionary: a scrape shows all ${EXPECTED.length} figures`);
} finally {
  await example.close();
  await rm(dataDir, { recursive: true, force: true });
}
