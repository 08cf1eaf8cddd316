/**
 * How long a client waits for each of the eight tools: an MCP client, `mcp-vitals stdio` in a process of its own, and a
 * day of 280 series stored. Anomalies are computed anew for each call,
 * the slowest case; the dashboard may reuse its answer for 30 s, as it does for people.
 */
import { rmSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { type BenchResult, runWhenMain } from './result.ts';
import { COMMAND, isolatedEnvironment, temporaryDirectory, WITHOUT_LIMITS } from './support/collectorProcess.ts';
import { type FilledStore, fillDay, serverName, toolName } from './support/dayOfCalls.ts';

interface Question {
  tool: string;
  what: string;
  /** The specification's target and the most it accepts. */
  targetMs: number;
  acceptableMs: number;
  runs: number;
  /** Arguments of the n-th call; calls that differ are not answered from a cache. */
  args(run: number): Record<string, unknown>;
}

const SENSITIVITIES = ['low', 'medium', 'high'];

/** A change of thresholds clears cached answers. */
const CLEARING = { metric: 'cpu', threshold: 95, severity: 'critical' };

function questions({ fromMs, toMs }: FilledStore, alertId: string): Question[] {
  const day = { startTime: new Date(fromMs).toISOString(), endTime: new Date(toMs).toISOString() };
  const one = { mcpServer: serverName(1), toolName: toolName(1) };
  return [
    {
      tool: 'track_performance',
      what: 'a call',
      targetMs: 5,
      acceptableMs: 10,
      runs: 300,
      args: (run) => ({ ...one, duration: run, success: true }),
    },
    {
      tool: 'get_metrics',
      what: 'everything, 24 h, p95',
      targetMs: 100,
      acceptableMs: 500,
      runs: 40,
      args: () => ({ ...day, aggregation: 'p95' }),
    },
    {
      tool: 'get_metrics',
      what: 'one tool, 24 h, p95',
      targetMs: 100,
      acceptableMs: 500,
      runs: 100,
      args: () => ({ ...day, ...one, aggregation: 'p95' }),
    },
    {
      tool: 'detect_anomalies',
      what: 'everything, 24 h, computed anew',
      targetMs: 500,
      acceptableMs: 2_000,
      runs: SENSITIVITIES.length,
      args: (run) => ({ lookbackWindow: '24h', sensitivity: SENSITIVITIES[run % SENSITIVITIES.length] }),
    },
    {
      tool: 'set_alert_threshold',
      what: 'one tool',
      targetMs: 10,
      acceptableMs: 50,
      runs: 100,
      args: (run) => ({ ...one, metric: 'response_time', threshold: 5_000 + run, severity: 'warning' }),
    },
    { tool: 'get_active_alerts', what: 'all', targetMs: 50, acceptableMs: 200, runs: 100, args: () => ({}) },
    {
      tool: 'acknowledge_alert',
      what: 'the same one, with other notes',
      targetMs: 10,
      acceptableMs: 50,
      runs: 100,
      args: (run) => ({ alertId, acknowledgedBy: 'bench', notes: `seen ${run} times` }),
    },
    {
      tool: 'generate_performance_report',
      what: 'everything, 24 h',
      targetMs: 2_000,
      acceptableMs: 10_000,
      runs: 20,
      args: () => day,
    },
    {
      tool: 'get_performance_dashboard',
      what: 'reused for 30 s',
      targetMs: 50,
      acceptableMs: 200,
      runs: 100,
      args: () => ({}),
    },
  ];
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!;

async function ask(client: Client, { tool, args, runs }: Question): Promise<number[]> {
  const durations: number[] = [];
  for (let run = 0; run < runs; run++) {
    const startedMs = performance.now();
    await client.callTool({ name: tool, arguments: args(run) });
    durations.push(performance.now() - startedMs);
  }
  return durations.sort((a, b) => a - b);
}

async function connect(dataDir: string): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [COMMAND, 'stdio', '--port', '0', '--log-level', 'warn', ...WITHOUT_LIMITS],
    env: isolatedEnvironment(dataDir) as Record<string, string>,
  });
  await client.connect(transport);
  return client;
}

/** Twenty failures in a row are worth an alert; it is raised right after the last is stored. */
async function raiseAlert(client: Client): Promise<string> {
  const failure = { mcpServer: 'failing', toolName: 'always', duration: 1, success: false };
  for (let i = 0; i < 20; i++) await client.callTool({ name: 'track_performance', arguments: failure });
  for (;;) {
    const { structuredContent } = await client.callTool({ name: 'get_active_alerts', arguments: {} });
    const [alert] = (structuredContent as { alerts: { alertId: string }[] }).alerts;
    if (alert) return alert.alertId;
  }
}

export async function run(): Promise<BenchResult> {
  const dataDir = temporaryDirectory();
  try {
    const filled = await fillDay(dataDir);
    await filled.store.close();
    const client = await connect(dataDir);
    const rows: BenchResult['rows'] = [];
    const targets: BenchResult['targets'] = [];
    for (const question of questions(filled, await raiseAlert(client))) {
      // The first answers of a process compile what they run.
      await ask(client, { ...question, runs: Math.min(3, question.runs), args: (run) => question.args(run + 1) });
      if (question.tool === 'detect_anomalies')
        await client.callTool({ name: 'set_alert_threshold', arguments: CLEARING });
      const durations = await ask(client, question);
      const [p50, p95] = [quantile(durations, 0.5), quantile(durations, 0.95)];
      const { tool, what, targetMs, acceptableMs } = question;
      rows.push({ tool, what, 'p50 ms': p50.toFixed(1), 'p95 ms': p95.toFixed(1), 'target ms': targetMs });
      targets.push({
        target: `${tool}, ${what}: p95 under ${targetMs} ms (at most ${acceptableMs})`,
        value: `${p95.toFixed(1)} ms`,
        met: p95 < targetMs,
      });
    }
    await client.close();
    return {
      name: 'toolsOverStdio',
      question: 'How long does a client on stdio wait for each tool, with 24 h of 280 series stored?',
      rows,
      targets,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await runWhenMain(import.meta.url, run);
