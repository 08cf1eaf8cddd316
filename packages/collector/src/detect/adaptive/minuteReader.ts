/** Minutes as the store has closed them, one after the other, for the watches. */
import { Digest } from '@mcp-vitals/sketch';
import { callCount, errorCount, HOUR_MS, MINUTE_MS, type ResourceRollup } from '../../model/rollup.ts';
import type { Store, StoredRollup, TimeRange } from '../../store/store.ts';
import type { ObservedMinute, ObservedTool } from './watcher.ts';

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
    const resourcesAt = byMinute(await store.readResources(span, undefined, 'minute'));
    let atMs = span.fromMs;
    for await (const { startMs, tools } of toolMinutes(store, span)) {
      for (; atMs <= startMs; atMs += MINUTE_MS) {
        const resources = resourcesAt.get(atMs) ?? [];
        yield { atMs, tools: atMs === startMs ? tools : [], resources, isObserved: atMs >= observedFromMs };
      }
    }
    for (; atMs < span.toMs; atMs += MINUTE_MS)
      yield { atMs, tools: [], resources: resourcesAt.get(atMs) ?? [], isObserved: atMs >= observedFromMs };
  }
}

function byMinute(rollups: readonly ResourceRollup[]): Map<number, ResourceRollup[]> {
  const minutes = new Map<number, ResourceRollup[]>();
  for (const rollup of rollups) {
    const minute = minutes.get(rollup.startMs);
    if (minute) minute.push(rollup);
    else minutes.set(rollup.startMs, [rollup]);
  }
  return minutes;
}

/** Minutes with calls, ascending. */
async function* toolMinutes(
  store: Pick<Store, 'scanRollups'>,
  span: TimeRange,
): AsyncGenerator<{ startMs: number; tools: ObservedTool[] }> {
  let startMs = Number.NaN;
  let tools: ObservedTool[] = [];
  for await (const page of store.scanRollups('minute', span)) {
    for (const row of page) {
      if (row.startMs !== startMs) {
        if (tools.length > 0) yield { startMs, tools };
        startMs = row.startMs;
        tools = [];
      }
      if (row.scope === 'series' && row.series.kind === 'tool') tools.push(observedTool(row));
    }
  }
  if (tools.length > 0) yield { startMs, tools };
}

function observedTool(row: StoredRollup): ObservedTool {
  const calls = callCount(row);
  return {
    server: row.series.server,
    tool: row.series.name,
    calls,
    errors: errorCount(row),
    p50Ms: calls === 0 ? Number.NaN : Digest.fromBytes(row.digest).quantile(0.5),
    meanMs: row.sumMs / calls,
    maxMs: row.maxMs,
  };
}
