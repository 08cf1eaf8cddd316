/** The eight questions, asked as any MCP client would ask them, and their answers as far as the demo shows them. */
import type { Client } from '@modelcontextprotocol/client';

export interface ToolRow {
  server: string;
  tool: string;
  calls: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

export interface AnomalyAnswer {
  timestamp: string;
  mcpServer: string;
  toolName: string;
  anomalyType: string;
  severity: 'info' | 'warning' | 'critical';
  details: { currentValue: number; expectedRange: string; deviation: string };
  recommendations: string[];
}

export interface AlertAnswer {
  alertId: string;
  mcpServer: string;
  toolName: string;
  severity: 'warning' | 'critical';
  condition: string;
  currentValue: number;
  status: string;
}

export interface ServerAnswer {
  name: string;
  healthScore: number;
  errorRate: number;
  status: string;
}

/** How one question was answered, in a few words, and how long that took from the client's side. */
export interface Asked {
  tool: string;
  tookMs: number;
  gist: string;
}

export interface Answers {
  rows: ToolRow[];
  servers: ServerAnswer[];
  errorRatePercent: number;
  anomalies: AnomalyAnswer[];
  alerts: AlertAnswer[];
  recommendations: string[];
  asked: Asked[];
}

/** Anomalies carry the minute they were seen in. */
const MINUTE_MS = 60_000;

interface Metric {
  mcpServer: string;
  toolName: string;
  value: number;
  count: number;
}

export interface Run {
  fromMs: number;
  toMs: number;
}

export async function askEverything(client: Client, { fromMs, toMs }: Run): Promise<Answers> {
  const asked: Asked[] = [];
  const range = { startTime: new Date(fromMs).toISOString(), endTime: new Date(toMs).toISOString() };

  async function ask<Answer>(
    tool: string,
    args: Record<string, unknown>,
    gist: (answer: Answer) => string,
  ): Promise<Answer> {
    const startMs = performance.now();
    const result = await client.callTool({ name: tool, arguments: args });
    const tookMs = performance.now() - startMs;
    if (result.isError === true) throw new Error(`${tool} answered with an error: ${JSON.stringify(result.content)}`);
    const answer = result.structuredContent as Answer;
    asked.push({ tool, tookMs, gist: gist(answer) });
    return answer;
  }
  const metrics = (aggregation: string) =>
    ask<{ metrics: Metric[]; summary: { totalCalls: number; errorRate: number } }>(
      'get_metrics',
      { ...range, aggregation },
      ({ metrics, summary }) => `${aggregation} of ${metrics.length} tools, ${summary.totalCalls} calls`,
    );

  const p50 = await metrics('p50');
  const p95 = await metrics('p95');
  const p99 = await metrics('p99');
  const { anomalies } = await ask<{ anomalies: AnomalyAnswer[]; summary: { totalAnomalies: number } }>(
    'detect_anomalies',
    { lookbackWindow: '6h' },
    ({ summary }) => `${summary.totalAnomalies} in the last six hours`,
  );
  const duringRun = (anomaly: AnomalyAnswer) => Date.parse(anomaly.timestamp) > fromMs - MINUTE_MS;
  const { alerts } = await ask<{ alerts: AlertAnswer[]; summary: { totalActive: number } }>(
    'get_active_alerts',
    {},
    ({ summary }) => `${summary.totalActive} active`,
  );
  const [first] = alerts;
  if (first !== undefined) {
    await ask<{ alert: { alertId: string; status: string } }>(
      'acknowledge_alert',
      { alertId: first.alertId, acknowledgedBy: 'the demo', notes: 'Seen.' },
      ({ alert }) => `${alert.alertId} is ${alert.status} now`,
    );
  }
  await ask<{ thresholdId: string }>(
    'set_alert_threshold',
    {
      mcpServer: 'example-shop',
      toolName: 'quote_shipping',
      metric: 'response_time',
      threshold: 1500,
      severity: 'warning',
    },
    () => 'quote_shipping may take 1.5 s from now on',
  );
  await ask<{ metricId: string; stored: boolean }>(
    'track_performance',
    { mcpServer: 'mcp-vitals-demo', toolName: 'whole_run', duration: toMs - fromMs, success: true },
    ({ stored }) => `the run itself, ${stored ? 'stored' : 'not stored'}`,
  );
  const report = await ask<{ report: string; recommendations: string[] }>(
    'generate_performance_report',
    { ...range, format: 'markdown' },
    (answer) => `${answer.report.split('\n').length} lines of markdown`,
  );
  const dashboard = await ask<{ mcpServers: ServerAnswer[]; systemHealth: string }>(
    'get_performance_dashboard',
    {},
    ({ systemHealth, mcpServers }) => `${mcpServers.length} servers, the system is ${systemHealth}`,
  );

  return {
    rows: joinQuantiles(p50.metrics, p95.metrics, p99.metrics),
    servers: dashboard.mcpServers,
    errorRatePercent: p50.summary.errorRate,
    anomalies: anomalies.filter(duringRun),
    alerts,
    recommendations: report.recommendations,
    asked,
  };
}

function joinQuantiles(p50: readonly Metric[], p95: readonly Metric[], p99: readonly Metric[]): ToolRow[] {
  const keyOf = ({ mcpServer, toolName }: Metric) => JSON.stringify([mcpServer, toolName]);
  const valuesOf = (metrics: readonly Metric[]) => new Map(metrics.map((metric) => [keyOf(metric), metric.value]));
  const [p95Of, p99Of] = [valuesOf(p95), valuesOf(p99)];
  return p50.map((metric) => ({
    server: metric.mcpServer,
    tool: metric.toolName,
    calls: metric.count,
    p50Ms: metric.value,
    p95Ms: p95Of.get(keyOf(metric)) ?? Number.NaN,
    p99Ms: p99Of.get(keyOf(metric)) ?? Number.NaN,
  }));
}
