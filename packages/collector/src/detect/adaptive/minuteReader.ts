/** Minutes as the store has closed them, one after the other, for the watches. */
import { sketchFromBytes } from '@mcp-vitals/sketch';
import { groupBy } from '../../model/groupBy.ts';
import { callCount, errorCount, HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { Store, StoredRollup, TimeRange } from '../../store/store.ts';
import type { ObservedMetric, ObservedMinute, ObservedTool } from './watcher.ts';

/** Resources are read for so many minutes at a time. */
const SPAN_MS = HOUR_MS;

/**
 * Every minute of the range, those without calls included.
 * @param observedFromMs from when on somebody has looked; of earlier minutes, only what was sent later is known
 */
export async function* readObservedMinutes(
  store: Pick<Store, 'scanRollups' | 'readResources'>,
  { fromMs, toMs }: TimeRange,
  observedFromMs: number,
): AsyncGenerator<ObservedMinute> {
  for (let spanMs = fromMs; spanMs < toMs; spanMs += SPAN_MS) {
    const span = { fromMs: spanMs, toMs: Math.min(toMs, spanMs + SPAN_MS) };
    const resourcesAt = groupBy(await store.readResources(span, undefined, 'minute'), ({ startMs }) => startMs);
    let atMs = span.fromMs;
    for await (const { startMs, tools, metrics } of minutesWithCalls(store, span)) {
      for (; atMs <= startMs; atMs += MINUTE_MS) {
        const resources = resourcesAt.get(atMs) ?? [];
        const isObserved = atMs >= observedFromMs;
        yield atMs === startMs
          ? { atMs, tools, metrics, resources, isObserved }
          : { atMs, tools: [], metrics: [], resources, isObserved };
      }
    }
    for (; atMs < span.toMs; atMs += MINUTE_MS)
      yield {
        atMs,
        tools: [],
        metrics: [],
        resources: resourcesAt.get(atMs) ?? [],
        isObserved: atMs >= observedFromMs,
      };
  }
}

interface MinuteWithCalls {
  startMs: number;
  tools: ObservedTool[];
  metrics: ObservedMetric[];
}

/** Minutes with calls or values, ascending. */
async function* minutesWithCalls(store: Pick<Store, 'scanRollups'>, span: TimeRange): AsyncGenerator<MinuteWithCalls> {
  let minute: MinuteWithCalls | undefined;
  for await (const page of store.scanRollups('minute', span)) {
    for (const row of page) {
      if (row.scope !== 'series') continue;
      if (row.startMs !== minute?.startMs) {
        if (minute !== undefined) yield minute;
        minute = { startMs: row.startMs, tools: [], metrics: [] };
      }
      if (row.series.kind === 'tool') minute.tools.push(observedTool(row));
      else if (row.series.kind === 'gauge' || row.series.kind === 'custom') minute.metrics.push(observedMetric(row));
    }
  }
  if (minute !== undefined) yield minute;
}

function observedMetric(row: StoredRollup): ObservedMetric {
  const { server, name, kind } = row.series;
  return { server, kind, name, value: row.sumMs / callCount(row) };
}

function observedTool(row: StoredRollup): ObservedTool {
  const calls = callCount(row);
  return {
    server: row.series.server,
    tool: row.series.name,
    calls,
    errors: errorCount(row),
    p50Ms: calls === 0 ? Number.NaN : sketchFromBytes(row.digest).quantile(0.5),
    meanMs: row.sumMs / calls,
    maxMs: row.maxMs,
  };
}
