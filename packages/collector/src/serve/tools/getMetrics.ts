/** What was measured: one number per tool, over a range or by hour or day, and a summary of all that was selected. */
import { mergeSketches, type Sketch } from '@mcp-vitals/sketch';
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { z } from 'zod';
import { averageMs, callCount, errorCount, errorRatePercent, type SeriesRollup } from '../../model/rollup.ts';
import { MEASURED_KINDS, UNIT_OF_KIND } from '../../model/series.ts';
import { quoteUntrusted } from '../../model/untrusted.ts';
import type { Store, TimeRange } from '../../store/store.ts';
import { isoTime, nameParam, parseTimeRange, timeParam } from '../params.ts';
import type { Services } from '../ports/services.ts';
import { defineTool } from './defineTool.ts';
import { rounded } from './rounded.ts';

const AGGREGATIONS = ['avg', 'p50', 'p95', 'p99', 'max', 'count', 'sum'] as const;
type Aggregation = (typeof AGGREGATIONS)[number];

/** More rows than this help nobody: the busiest go into the answer. */
const MAX_ROWS = 1_000;
/** Rows that are also said in words. */
const MAX_LINES = 10;

const QUANTILE: Partial<Record<Aggregation, number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

interface Selection extends TimeRange {
  server: string | undefined;
  name: string | undefined;
  kind: SeriesKind;
}

interface Summary {
  totalCalls: number;
  avgResponseTime: number;
  p95ResponseTime: number;
  p99ResponseTime: number;
  errorRate: number;
}

export const getMetrics = defineTool({
  name: 'get_metrics',
  title: 'Metrics',
  description: `Query durations (ms) or counts of tool calls or another kind: the ${MAX_ROWS} busiest rows; the summary covers all.`,
  scope: 'read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    mcpServer: nameParam.optional(),
    toolName: nameParam.optional(),
    startTime: timeParam.describe('ISO 8601'),
    endTime: timeParam,
    aggregation: z.enum(AGGREGATIONS).default('avg'),
    groupBy: z.enum(['hour', 'day']).optional(),
    kind: z.enum(MEASURED_KINDS).default('tool').describe('toolName names it'),
  }),
  output: z.object({
    metrics: z.array(
      z.object({
        timestamp: z.string(),
        mcpServer: z.string(),
        toolName: z.string(),
        value: z.number(),
        count: z.number(),
      }),
    ),
    summary: z.object({
      totalCalls: z.number(),
      avgResponseTime: z.number(),
      p95ResponseTime: z.number(),
      p99ResponseTime: z.number(),
      errorRate: z.number().describe('%'),
    }),
  }),

  async run(input, { store }: Pick<Services, 'store'>) {
    const { mcpServer, toolName, startTime, endTime, aggregation, groupBy, kind } = input;
    const asked = parseTimeRange(startTime, endTime);
    const selection = { ...asked, server: mcpServer, name: toolName, kind };
    const [{ rollups, usedRange }, summary] = await Promise.all([
      store.readRollups({
        ...asked,
        filter: { server: mcpServer, name: toolName, kinds: [kind] },
        scope: 'series',
        groupBy,
        digests: aggregation in QUANTILE,
      }),
      summarise(store, selection),
    ]);
    const called = rollups.filter((rollup) => callCount(rollup) > 0);
    const rows = busiest(called);
    const metrics = rows.map((rollup) => ({
      timestamp: isoTime(rollup.startMs),
      mcpServer: rollup.series.server,
      toolName: rollup.series.name,
      value: aggregated(rollup, aggregation),
      count: callCount(rollup),
    }));
    const notes = [...snapped(asked, usedRange), ...cut(rows.length, called.length)];
    const lines = rows.slice(0, MAX_LINES).map((row) => line(row, aggregation));
    return {
      structured: { metrics, summary },
      text: [headline(summary, kind), ...notes, ...lines].join('\n'),
    };
  },
});

/** One rollup of all that is selected: kept by the store for all tools together, else merged from the series. */
async function summarise(store: Store, { fromMs, toMs, server, name, kind }: Selection): Promise<Summary> {
  const isPreMerged = kind === 'tool' && name === undefined;
  const scope = !isPreMerged ? 'series' : server !== undefined ? 'server' : 'all';
  const filter = { server, name, kinds: [kind] };
  const { rollups } = await store.readRollups({ fromMs, toMs, filter, scope, digests: true });
  const totalCalls = rollups.reduce((sum, rollup) => sum + callCount(rollup), 0);
  const errors = rollups.reduce((sum, rollup) => sum + errorCount(rollup), 0);
  const durationMs = rollups.reduce((sum, rollup) => sum + rollup.sumMs, 0);
  const digests = rollups.flatMap(({ digest }) => digest ?? []);
  const digest = digests.length === 1 ? digests[0]! : mergeSketches(digests);
  return {
    totalCalls,
    avgResponseTime: totalCalls === 0 ? 0 : rounded(durationMs / totalCalls),
    p95ResponseTime: quantile(digest, 0.95),
    p99ResponseTime: quantile(digest, 0.99),
    errorRate: totalCalls === 0 ? 0 : rounded((100 * errors) / totalCalls),
  };
}

function quantile(digest: Sketch, q: number): number {
  return digest.count === 0 ? 0 : rounded(digest.quantile(q));
}

function aggregated(rollup: SeriesRollup, aggregation: Aggregation): number {
  const q = QUANTILE[aggregation];
  if (q !== undefined) return quantile(rollup.digest!, q);
  if (aggregation === 'count') return callCount(rollup);
  if (aggregation === 'sum') return rounded(rollup.sumMs);
  return rounded(aggregation === 'max' ? rollup.maxMs : averageMs(rollup));
}

/** At most `MAX_ROWS` rows, those with most calls, in the order they came. */
function busiest(rollups: readonly SeriesRollup[]): readonly SeriesRollup[] {
  if (rollups.length <= MAX_ROWS) return rollups;
  const kept = new Set([...rollups].sort((a, b) => callCount(b) - callCount(a)).slice(0, MAX_ROWS));
  return rollups.filter((rollup) => kept.has(rollup));
}

function headline(summary: Summary, kind: SeriesKind): string {
  const { totalCalls, avgResponseTime, p95ResponseTime, p99ResponseTime, errorRate } = summary;
  const [counted, none] = kind === 'tool' ? ['Calls', 'calls'] : [`Samples of kind ${kind}`, `samples of kind ${kind}`];
  if (totalCalls === 0) return `No ${none} in this range.`;
  const inUnit = (value: number) => withUnit(value, kind);
  return `${counted}: ${totalCalls}, ${errorRate} % errors; avg ${inUnit(avgResponseTime)}, p95 ${inUnit(p95ResponseTime)}, p99 ${inUnit(p99ResponseTime)}.`;
}

function withUnit(value: number, kind: SeriesKind): string {
  return `${value} ${UNIT_OF_KIND[kind]}`.trimEnd();
}

function snapped(asked: TimeRange, used: TimeRange): string[] {
  if (asked.fromMs === used.fromMs && asked.toMs === used.toMs) return [];
  return [`Widened to whole stored spans: ${isoTime(used.fromMs)} to ${isoTime(used.toMs)}.`];
}

function cut(shown: number, total: number): string[] {
  return shown < total ? [`The ${shown} busiest of ${total} rows are listed; narrow the query for the others.`] : [];
}

function line(rollup: SeriesRollup, aggregation: Aggregation): string {
  const { server, name, kind } = rollup.series;
  const number = aggregated(rollup, aggregation);
  const value = `${aggregation} ${aggregation === 'count' ? number : withUnit(number, kind)}`;
  const errors = `${rounded(errorRatePercent(rollup))} % errors`;
  return `- ${isoTime(rollup.startMs)} ${quoteUntrusted(name)} of ${quoteUntrusted(server)}: ${value}, calls ${callCount(rollup)}, ${errors}`;
}
