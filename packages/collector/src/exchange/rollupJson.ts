/** A stored row as JSON: counts, times, quantiles for those who read it, and the sketch for those who merge it. */
import { sketchFromBytes } from '@mcp-vitals/sketch';
import { OUTCOMES, type OutcomeCounts, SERIES_KINDS } from '@mcp-vitals/wire/decode';
import { z } from 'zod';
import { callCount } from '../model/rollup.ts';
import type { StoredResources, StoredRollup } from '../store/store.ts';

const count = z.number().int().nonnegative();
/** Mostly milliseconds; a gauge may be below zero. */
const sample = z.number();

export const timestampSchema = z.iso.datetime({ offset: true });

export const seriesJsonSchema = z.object({
  timestamp: timestampSchema,
  mcpServer: z.string(),
  toolName: z.string(),
  /** Absent: `tool`. */
  kind: z.enum(SERIES_KINDS).optional(),
});

export const rollupJsonSchema = z.object({
  ...seriesJsonSchema.shape,
  /** Absent: one series. */
  scope: z.enum(['server', 'all']).optional(),
  outcomes: z.partialRecord(z.enum(OUTCOMES), count),
  /** Milliseconds, and null without calls, as the quantiles. */
  sum: sample,
  min: sample.nullable(),
  max: sample.nullable(),
  p50: sample.nullish(),
  p95: sample.nullish(),
  p99: sample.nullish(),
  sketch: z.base64(),
});
export type RollupJson = z.infer<typeof rollupJsonSchema>;

export function rollupJson({
  startMs,
  series,
  scope,
  outcomes,
  sumMs,
  minMs,
  maxMs,
  digest,
}: StoredRollup): RollupJson {
  const sketch = digest.length === 0 ? undefined : sketchFromBytes(digest);
  const quantile = (q: number) => sketch?.quantile(q) ?? null;
  return {
    timestamp: new Date(startMs).toISOString(),
    mcpServer: series.server,
    toolName: series.name,
    ...(series.kind === 'tool' ? {} : { kind: series.kind }),
    ...(scope === 'series' ? {} : { scope }),
    outcomes: Object.fromEntries(OUTCOMES.flatMap((outcome, i) => (outcomes[i]! > 0 ? [[outcome, outcomes[i]!]] : []))),
    sum: sumMs,
    min: nullIfNaN(minMs),
    max: nullIfNaN(maxMs),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    sketch: Buffer.from(digest).toString('base64'),
  };
}

/** @throws SketchFormatError, and RangeError when the sketch does not hold as many calls as the outcomes say */
export function rollupFromJson(json: RollupJson): StoredRollup {
  const outcomes = OUTCOMES.map((outcome) => json.outcomes[outcome] ?? 0) as OutcomeCounts;
  const digest = new Uint8Array(Buffer.from(json.sketch, 'base64'));
  const samples = digest.length === 0 ? 0 : sketchFromBytes(digest).count;
  if (samples !== callCount({ outcomes }))
    throw new RangeError(`the sketch holds ${samples} calls, the outcomes say ${callCount({ outcomes })}`);
  return {
    startMs: Date.parse(json.timestamp),
    series: { server: json.mcpServer, kind: json.kind ?? 'tool', name: json.toolName },
    scope: json.scope ?? 'series',
    outcomes,
    sumMs: json.sum,
    minMs: json.min ?? Number.NaN,
    maxMs: json.max ?? Number.NaN,
    digest,
  };
}

const usage = z.number().nonnegative();

export const resourcesJsonSchema = z.object({
  timestamp: timestampSchema,
  mcpServer: z.string(),
  instance: z.string(),
  samples: count,
  minutes: count,
  cpuPercentAvg: usage,
  cpuPercentMax: usage,
  memoryMbAvg: usage,
  memoryMbMax: usage,
  memoryPercentAvg: usage,
  memoryPercentMax: usage,
  diskIoKb: usage,
  eventLoopDelayMsAvg: usage,
  eventLoopDelayMsMax: usage,
});
export type ResourcesJson = z.infer<typeof resourcesJsonSchema>;

export function resourcesJson({ startMs, server, ...row }: StoredResources): ResourcesJson {
  return { timestamp: new Date(startMs).toISOString(), mcpServer: server, ...row };
}

export function resourcesFromJson({ timestamp, mcpServer, ...row }: ResourcesJson): StoredResources {
  return { startMs: Date.parse(timestamp), server: mcpServer, ...row };
}

function nullIfNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
