/**
 * How an example checks itself: start a collector with an empty data directory, run the example as the stdio server it
 * is, make the calls, and read from the collector what it counted. Throws, so that the process exits non-zero, when the
 * numbers differ.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Collector, startCollector } from '../scripts/demo/collector.ts';
import { connectStdio } from '../scripts/demo/connect.ts';
import { readCounts, type ToolCounts } from '../scripts/demo/counts.ts';

export interface ExampleCall {
  tool: string;
  arguments: Record<string, unknown>;
  times: number;
  /** How many of them the server answers with an error. */
  errors: number;
}

/** What the collector is expected to answer about a metric that the example measures itself. */
export interface ExampleMetric {
  kind: 'custom' | 'counter' | 'gauge';
  name: string;
  aggregation: 'count' | 'max' | 'sum';
  value: number;
}

export async function checkExample(
  server: URL,
  serverName: string,
  calls: readonly ExampleCall[],
  metrics: readonly ExampleMetric[] = [],
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mcp-vitals-example-'));
  const collector = await startCollector({ dataDir, port: 0 });
  try {
    const fromMs = Date.now();
    const args = ['--import', 'tsx', fileURLToPath(server)];
    const example = await connectStdio({
      command: process.execPath,
      args,
      env: collector.env,
      cwd: fileURLToPath(new URL('.', server)),
    });
    for (const { tool, arguments: input, times } of calls) {
      for (let i = 0; i < times; i++) await example.callTool({ name: tool, arguments: input });
    }
    await example.close();

    const expected = expectedCounts(calls);
    const counted = await readCounts(collector, { fromMs, calls: sum(expected) });
    deepStrictEqual(counted.get(serverName), expected);
    const measured = await readMetrics(collector, { fromMs, serverName, metrics });
    deepStrictEqual(measured, [...metrics]);
    console.log(`${serverName}: the collector counted all ${sum(expected)} calls`);
  } finally {
    await collector.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The same metrics with the values that the collector has. */
async function readMetrics(
  { command: commandOf, env }: Collector,
  { fromMs, serverName, metrics }: { fromMs: number; serverName: string; metrics: readonly ExampleMetric[] },
): Promise<ExampleMetric[]> {
  const [command, ...args] = commandOf('stdio');
  const client = await connectStdio({ command, args, env });
  const startTime = new Date(fromMs).toISOString();
  const endTime = new Date(Date.now() + 1_000).toISOString();
  try {
    const measured: ExampleMetric[] = [];
    for (const { kind, name, aggregation } of metrics) {
      const query = { kind, toolName: name, aggregation, mcpServer: serverName, startTime, endTime };
      const answer = await client.callTool({ name: 'get_metrics', arguments: query });
      const { metrics: rows } = answer.structuredContent as { metrics: { value: number }[] };
      const values = rows.map(({ value }) => value);
      measured.push({ kind, name, aggregation, value: aggregation === 'max' ? Math.max(...values) : total(values) });
    }
    return measured;
  } finally {
    await client.close();
  }
}

function expectedCounts(calls: readonly ExampleCall[]): Map<string, ToolCounts> {
  const counts = new Map<string, ToolCounts>();
  for (const { tool, times, errors } of calls) {
    const before = counts.get(tool) ?? { calls: 0, errors: 0 };
    counts.set(tool, { calls: before.calls + times, errors: before.errors + errors });
  }
  return counts;
}

const sum = (counts: ReadonlyMap<string, ToolCounts>) => total([...counts.values()].map(({ calls }) => calls));
const total = (values: readonly number[]) => values.reduce((added, value) => added + value, 0);
