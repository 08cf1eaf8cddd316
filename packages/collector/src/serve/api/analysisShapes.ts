/** The analysis dashboard, as it travels: to the page, to programs, and to models as the answer of a tool. */
import { SERIES_KINDS } from '@mcp-vitals/wire/decode';
import { z } from 'zod';
import { giveWay, Steps } from '../../clock.ts';
import {
  type AnalysisDashboard,
  DASHBOARD_RANGES,
  DASHBOARD_TYPES,
  type ServerFigures,
  type ShownBenchmark,
  type ShownFinding,
  type ShownForecast,
  type ShownPolicy,
} from '../../model/analysisDashboard.ts';
import type { ReportTimeline } from '../../model/report.ts';
import { TREND_METRICS, UNIT_OF_METRIC } from '../../model/trends.ts';
import { isoTime } from '../params.ts';
import { rounded } from '../tools/rounded.ts';
import { auditEntry, presentedAuditEntry } from './audit.ts';
import { costReport, presentedCost } from './costShapes.ts';
import { presentedReplicas, replicaAdvice } from './replicaShapes.ts';
import { callStats, column, counts, health, named, roundedColumn, roundedFields, time, toolStats } from './shapes.ts';

const serverFigures = named(
  'ServerFigures',
  callStats.extend({
    server: z.string(),
    healthScore: z.number(),
    status: health,
    activeAlerts: z.number().int(),
    instances: z.number().int(),
    callsPerSecond: z.number(),
    resources: z
      .object({
        cpuPercent: z.number().describe('Of one core'),
        cpuPercentMax: z.number(),
        memoryMb: z.number(),
        memoryPercentMax: z.number(),
        eventLoopDelayMs: z.number(),
        eventLoopDelayMsMax: z.number(),
      })
      .nullable(),
  }),
);

const finding = named(
  'Finding',
  z.object({
    cause: z.string(),
    title: z.string(),
    severity: z.enum(['low', 'medium', 'high', 'critical']),
    confidence: z.number().describe('0 to 1'),
    server: z.string(),
    tools: z.array(z.string()),
    clients: z.array(z.string()).describe('That show it, where others do not'),
    sharePercent: z.number().nullable().describe('Of all time spent in tools'),
    evidence: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string() })),
    action: z.string(),
  }),
);

const forecast = named(
  'Forecast',
  z.object({
    server: z.string(),
    tool: z.string().describe('Empty: the whole server'),
    metric: z.enum(TREND_METRICS),
    unit: z.string(),
    history: z.array(z.object({ at: time, value: z.number().nullable() })),
    forecast: z.array(z.object({ at: time, value: z.number(), low: z.number(), high: z.number() })),
    words: z.string(),
  }),
);

const policy = named(
  'PolicyInForce',
  z.object({
    server: z.string(),
    version: z.number().int(),
    state: z.enum(['watching', 'kept']),
    appliedAt: time,
    appliedBy: z.string(),
    expiresAt: time,
    why: z.string(),
    controls: z.array(
      z.object({
        tool: z.string().describe('`*`: those that are not named'),
        control: z.string(),
        settings: z.record(z.string(), z.union([z.number(), z.string()])),
      }),
    ),
  }),
);

const benchmark = named(
  'BenchmarkResult',
  z.object({
    target: z.string(),
    tool: z.string(),
    profile: z.string(),
    at: time,
    callsPerSecond: z.number(),
    p95Ms: z.number().nullable(),
    errorPercent: z.number(),
    change: z.string().describe('Against its baseline; empty without one'),
  }),
);

export const analysisDashboard = named(
  'AnalysisDashboard',
  z.object({
    generatedAt: time,
    from: time,
    to: time,
    type: z.enum(DASHBOARD_TYPES),
    range: z.enum(DASHBOARD_RANGES),
    server: z.string().nullable(),
    health,
    overall: callStats.extend({ callsPerSecond: z.number() }),
    timeline: z.object({
      from: time,
      stepSeconds: z.number(),
      calls: counts,
      errors: counts,
      p50Ms: column,
      p95Ms: column,
    }),
    servers: z.array(serverFigures),
    tools: z.array(toolStats).optional(),
    findings: z.array(finding).optional(),
    forecasts: z.array(forecast).optional(),
    cost: costReport.optional(),
    replicas: z.array(replicaAdvice).optional(),
    policies: z.array(policy).optional(),
    benchmarks: z.array(benchmark).optional(),
    audit: z.array(auditEntry).optional(),
    collector: z
      .object({
        databaseMb: z.number(),
        freeDiskMb: z.number(),
        series: z.number().int(),
        conditions: z.array(z.string()),
      })
      .optional(),
    customMetrics: z
      .array(
        z.object({
          server: z.string(),
          name: z.string(),
          kind: z.enum(SERIES_KINDS),
          unit: z.string(),
          samples: z.number().int(),
          errorRatePercent: z.number(),
          sum: z.number(),
          avg: z.number(),
          p95: z.number(),
          max: z.number(),
        }),
      )
      .optional(),
    recommendations: z
      .array(
        z.object({
          from: z.enum(['bottleneck', 'cost', 'replicas', 'forecast']),
          server: z.string(),
          tool: z.string(),
          what: z.string(),
        }),
      )
      .optional(),
    missing: z.array(z.object({ part: z.string(), reason: z.string() })).describe('What could not be told, and why'),
  }),
);
export type AnalysisDashboardAnswer = z.input<typeof analysisDashboard>;

/** In small steps, with whoever waits in between: forecasts are thousands of points. */
export async function presentedDashboard(dashboard: AnalysisDashboard): Promise<AnalysisDashboardAnswer> {
  const { atMs, fromMs, toMs, type, range, server, overall, timeline, missing, recommendations } = dashboard;
  const { tools, findings, forecasts, cost, replicas, policies, benchmarks, audit, collector, customMetrics } =
    dashboard;
  const steps = new Steps();
  const presented = await steps.map(forecasts ?? [], presentedForecast);
  const presentedCosts = cost && presentedCost(cost);
  await giveWay();
  return {
    ...{ generatedAt: isoTime(atMs), from: isoTime(fromMs), to: isoTime(toMs), type, range, server: server ?? null },
    health: dashboard.health,
    overall: roundedFields(overall),
    timeline: presentedTimeline(timeline),
    servers: dashboard.servers.map(presentedServerFigures),
    tools: tools?.map(roundedFields),
    findings: findings?.map(presentedFinding),
    forecasts: forecasts && presented,
    cost: presentedCosts,
    replicas: replicas?.map(presentedReplicas),
    policies: policies?.map(presentedPolicy),
    benchmarks: benchmarks?.map(presentedBenchmark),
    audit: audit?.map(presentedAuditEntry),
    collector: collector && { ...roundedFields(collector), conditions: [...collector.conditions] },
    customMetrics: customMetrics?.map(roundedFields),
    recommendations,
    missing,
  };
}

function presentedTimeline({ stepMs, points }: ReportTimeline): AnalysisDashboardAnswer['timeline'] {
  return {
    from: isoTime(points[0]?.startMs ?? 0),
    stepSeconds: stepMs / 1000,
    calls: points.map(({ calls }) => calls),
    errors: points.map(({ errors }) => errors),
    p50Ms: roundedColumn(points.map(({ p50Ms }) => p50Ms)),
    p95Ms: roundedColumn(points.map(({ p95Ms }) => p95Ms)),
  };
}

function presentedServerFigures(figures: ServerFigures): z.input<typeof serverFigures> {
  return { ...roundedFields(figures), resources: figures.resources && roundedFields(figures.resources) };
}

function presentedFinding(found: ShownFinding): z.input<typeof finding> {
  const evidence = found.evidence.map(roundedFields);
  return { ...roundedFields(found), tools: [...found.tools], clients: [...found.clients], evidence };
}

/** Points of the past and of the future each: more than a page has pixels say nothing more, and models read all of them. */
const MAX_POINTS = 120;

function presentedForecast({ trend, column, startMs, stepMs, words }: ShownForecast): z.input<typeof forecast> {
  const { server, tool, metric, forecast: ahead } = trend;
  return {
    ...{ server, tool, metric, unit: UNIT_OF_METRIC[metric], words },
    history: thinned(column.values.length).map((step) => {
      const value = column.values[step]!;
      return { at: isoTime(startMs + step * stepMs), value: Number.isNaN(value) ? null : rounded(value) };
    }),
    forecast: (ahead === null ? [] : thinned(ahead.middle.length)).map((step) => {
      const [value, low, high] = [ahead!.middle[step]!, ahead!.low95[step]!, ahead!.high95[step]!];
      return { at: isoTime(ahead!.startMs + step * ahead!.stepMs), ...roundedFields({ value, low, high }) };
    }),
  };
}

/** Every so many steps, the last among them. */
function thinned(steps: number): number[] {
  const width = Math.ceil(steps / MAX_POINTS);
  return Array.from({ length: Math.ceil(steps / width) || 0 }, (_, i) => steps - 1 - i * width).reverse();
}

function presentedPolicy({ appliedAtMs, expiresAtMs, controls, ...rest }: ShownPolicy): z.input<typeof policy> {
  const shown = controls.map(({ settings, ...control }) => ({ ...control, settings: { ...settings } }));
  return { ...rest, appliedAt: isoTime(appliedAtMs), expiresAt: isoTime(expiresAtMs), controls: shown };
}

function presentedBenchmark({ atMs, ...figures }: ShownBenchmark): z.input<typeof benchmark> {
  return { at: isoTime(atMs), ...roundedFields(figures) };
}
