/** How long the tools take with a day of 280 series stored, without transport. */
import { rmSync } from 'node:fs';
import { createAlertManager } from '../packages/collector/src/alert/manager.ts';
import { createAuditLog } from '../packages/collector/src/audit/auditLog.ts';
import { createDetection } from '../packages/collector/src/detect/service.ts';
import { createLogger } from '../packages/collector/src/logger.ts';
import { createViews } from '../packages/collector/src/query/service.ts';
import { createReports } from '../packages/collector/src/report/service.ts';
import type { Services } from '../packages/collector/src/serve/ports/services.ts';
import { createLocalBackend } from '../packages/collector/src/serve/toolCall.ts';
import type { BenchResult } from './result.ts';
import { runWhenMain } from './result.ts';
import { temporaryDirectory } from './support/collectorProcess.ts';
import {
  CALLS_PER_MINUTE,
  type FilledStore,
  fillDay,
  SERVERS,
  serverName,
  TOOLS_PER_SERVER,
  toolName,
} from './support/dayOfCalls.ts';
import { quantile } from './support/quantile.ts';

const CALLER = { client: 'bench', scope: 'admin' } as const;
const WARM_UP_RUNS = 5;
const RUNS = 40;

interface Question {
  what: string;
  tool: string;
  args: Record<string, unknown>;
  /** Undefined where it is shown for comparison only. */
  limitMs?: number;
  /** Before each run, outside of what is measured. */
  prepare?: () => void;
}

async function servicesOf({ store, config, clock }: FilledStore) {
  const logger = createLogger('silent');
  const alerts = createAlertManager({ store, clock, config, logger, detectionIntervalMs: 5 * 60_000 });
  await alerts.load();
  const detection = createDetection({ store, clock, config });
  const audit = createAuditLog({ store, clock });
  const reports = createReports({ store, audit, clock, config });
  let tracked = 0;
  const track: Services['track'] = async () => ({ metricId: `bench-${++tracked}`, atMs: clock.nowMs(), stored: true });
  const notifications: Services['notifications'] = { status: () => [], test: async () => {} };
  const views = createViews({ store, clock, config, reports });
  const forwarding: Services['forwarding'] = { status: () => [], failing: () => [] };
  const asked = { track, detection, alerts, notifications, forwarding, reports, views, audit };
  // The eight tools use no more.
  const services = { clock, config, store, ...asked } as unknown as Services;
  return { services, detection, reports };
}

function questions(filled: FilledStore, clearDashboard: () => void, clearDetection: () => void): Question[] {
  const day = { startTime: new Date(filled.fromMs).toISOString(), endTime: new Date(filled.toMs).toISOString() };
  const one = { mcpServer: serverName(3), toolName: toolName(4) };
  const metrics = { tool: 'get_metrics' };
  return [
    { ...metrics, what: 'one tool, 24 h', args: { ...day, ...one, aggregation: 'p95' }, limitMs: 10 },
    {
      ...metrics,
      what: 'one tool, 24 h by hour',
      args: { ...day, ...one, aggregation: 'p95', groupBy: 'hour' },
      limitMs: 10,
    },
    { ...metrics, what: 'everything, 24 h, avg', args: { ...day }, limitMs: 100 },
    { ...metrics, what: 'everything, 24 h, p95', args: { ...day, aggregation: 'p95' }, limitMs: 100 },
    { tool: 'get_performance_dashboard', what: 'dashboard', args: {}, limitMs: 5 },
    { tool: 'get_performance_dashboard', what: 'dashboard, cache empty', args: {}, prepare: clearDashboard },
    { tool: 'generate_performance_report', what: 'report, 24 h', args: { ...day }, limitMs: 500 },
    { tool: 'generate_performance_report', what: 'report, 24 h, html', args: { ...day, format: 'html' }, limitMs: 500 },
    {
      tool: 'detect_anomalies',
      what: 'anomalies, 24 h, cache empty',
      args: { lookbackWindow: '24h' },
      prepare: clearDetection,
      limitMs: 500,
    },
    { tool: 'get_active_alerts', what: 'active alerts', args: {}, limitMs: 50 },
  ];
}

const rounded = (valueMs: number) => Math.round(valueMs * 1000) / 1000;

/** @returns durations in milliseconds, ascending */
async function timed(call: () => Promise<unknown>, prepare: () => void = () => {}): Promise<number[]> {
  const durations: number[] = [];
  for (let run = 0; run < WARM_UP_RUNS + RUNS; run++) {
    prepare();
    const startMs = performance.now();
    await call();
    if (run >= WARM_UP_RUNS) durations.push(performance.now() - startMs);
  }
  return durations.sort((a, b) => a - b);
}

/** What the path of a call costs by itself: everything but the tool's own waiting. */
async function ownCostUs(call: () => Promise<unknown>): Promise<number> {
  const runs = 20_000;
  for (let run = 0; run < runs; run++) await call();
  const startMs = performance.now();
  for (let run = 0; run < runs; run++) await call();
  return (1000 * (performance.now() - startMs)) / runs;
}

export async function run(): Promise<BenchResult> {
  const dataDir = temporaryDirectory();
  try {
    const filled = await fillDay(dataDir);
    const { services, detection, reports } = await servicesOf(filled);
    const backend = createLocalBackend(() => services, {
      limits: { take: () => {} },
      onError(error) {
        throw error;
      },
    });
    const rows: BenchResult['rows'] = [];
    const targets: BenchResult['targets'] = [];
    for (const { what, tool, args, limitMs, prepare } of questions(filled, reports.clearCache, detection.clearCache)) {
      const answer = await backend.call(tool, args, CALLER);
      if (answer.isError) throw new Error(`${what}: ${JSON.stringify(answer.content)}`);
      const durations = await timed(() => backend.call(tool, args, CALLER), prepare);
      const [p50, p95] = [rounded(quantile(durations, 0.5)), rounded(quantile(durations, 0.95))];
      rows.push({ what, tool, 'p50 ms': p50, 'p95 ms': p95 });
      if (limitMs !== undefined) {
        targets.push({ target: `${what}: p95 under ${limitMs} ms`, value: `${p95} ms`, met: p95 < limitMs });
      }
    }
    const call = { mcpServer: serverName(1), toolName: toolName(1), duration: 12.5, success: true };
    const us = await ownCostUs(() => backend.call('track_performance', call, CALLER));
    rows.push({
      what: 'path of one call, storing left out',
      tool: 'track_performance',
      'p50 ms': rounded(us / 1000),
      'p95 ms': '',
    });
    targets.push({ target: 'path of one call: under 20 µs', value: `${us.toFixed(1)} µs`, met: us < 20 });
    await filled.store.close();
    return {
      name: 'tools',
      question: `How long do the tools take with 24 h of ${SERVERS * TOOLS_PER_SERVER} series at ${CALLS_PER_MINUTE} calls a minute stored?`,
      rows,
      targets,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await runWhenMain(import.meta.url, run);
