/**
 * One line of `metrics/DATE/SERVER/TOOL.jsonl`. A minute with exactly one call is written as that call, in the form of the
 * specification; any other as the minute with its outcomes, quantiles and sketch. Read back, both give the same row.
 */
import { Digest, mergeSketches, sketchFromBytes } from '@mcp-vitals/sketch';
import { OUTCOMES, type Outcome, type OutcomeCounts, type SeriesKind } from '@mcp-vitals/wire/decode';
import { z } from 'zod';
import { callCount, MINUTE_MS } from '../model/rollup.ts';
import type { StoredRollup } from '../store/store.ts';
import { type RollupJson, rollupFromJson, rollupJson, rollupJsonSchema, seriesJsonSchema } from './rollupJson.ts';

const callSchema = z.object({
  ...seriesJsonSchema.shape,
  duration: z.number().nonnegative(),
  success: z.boolean(),
  error: z.string().nullish(),
});

type CallJson = z.infer<typeof callSchema> & { resource: null };

export function metricJson(row: StoredRollup): CallJson | RollupJson {
  return singleCall(row) ?? rollupJson(row);
}

/** @throws z.ZodError, SketchFormatError */
export function metricFromJson(json: unknown): StoredRollup {
  if (typeof json !== 'object' || json === null || !('duration' in json))
    return rollupFromJson(rollupJsonSchema.parse(json));
  const call = callSchema.parse(json);
  const outcomes: OutcomeCounts = [0, 0, 0, 0, 0, 0, 0];
  outcomes[OUTCOMES.indexOf(outcomeOf(call))] = 1;
  return {
    startMs: Math.floor(Date.parse(call.timestamp) / MINUTE_MS) * MINUTE_MS,
    series: { server: call.mcpServer, kind: (call.kind ?? 'tool') as SeriesKind, name: call.toolName },
    scope: 'series',
    outcomes,
    sumMs: call.duration,
    minMs: call.duration,
    maxMs: call.duration,
    digest: digestOf(call.duration),
  };
}

/** Two rows of the same series and minute as one. */
export function mergeRows(a: StoredRollup, b: StoredRollup): StoredRollup {
  const digests = [a, b].filter(({ digest }) => digest.length > 0).map(({ digest }) => sketchFromBytes(digest));
  return {
    ...a,
    outcomes: a.outcomes.map((count, i) => count + b.outcomes[i]!) as OutcomeCounts,
    sumMs: a.sumMs + b.sumMs,
    minMs: Number.isNaN(a.minMs) || b.minMs < a.minMs ? b.minMs : a.minMs,
    maxMs: Number.isNaN(a.maxMs) || b.maxMs > a.maxMs ? b.maxMs : a.maxMs,
    digest: digests.length === 0 ? a.digest : mergeSketches(digests).toBytes(),
  };
}

/** The call behind a row that holds exactly one and nothing else. */
function singleCall({ startMs, series, outcomes, sumMs, minMs, maxMs, digest }: StoredRollup): CallJson | undefined {
  const total = outcomes.reduce((sum, count) => sum + count, 0);
  if (total !== 1 || callCount({ outcomes }) !== 1 || minMs !== sumMs || maxMs !== sumMs) return undefined;
  if (!Buffer.from(digest).equals(digestOf(sumMs))) return undefined;
  const outcome = OUTCOMES[outcomes.indexOf(1)]!;
  return {
    timestamp: new Date(startMs).toISOString(),
    mcpServer: series.server,
    toolName: series.name,
    ...(series.kind === 'tool' ? {} : { kind: series.kind }),
    duration: sumMs,
    success: outcome === 'ok',
    error: outcome === 'ok' ? null : outcome,
    resource: null,
  };
}

/** Lines of other origin may carry any message as their error. */
function outcomeOf({ success, error }: CallJson | z.infer<typeof callSchema>): Outcome {
  if (success) return 'ok';
  return error === 'protocol_error' || error === 'timeout' ? error : 'tool_error';
}

function digestOf(durationMs: number): Uint8Array {
  return Digest.ofSorted(Float64Array.of(durationMs)).toBytes();
}
