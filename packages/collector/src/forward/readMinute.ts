/** Reads what a store holds of a span, of some servers: rows only, because what is still in memory is not final. */
import { type Sketch, sketchFromBytes } from '@mcp-vitals/sketch';
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { errorCount, MINUTE_MS } from '../model/rollup.ts';
import type { LateAddition, Store, StoredRollup } from '../store/store.ts';
import { addSeries, type SeriesMinute, type ServerMinute, type Span, seriesKey } from './minute.ts';

export type MinuteStore = Pick<Store, 'scanRollups' | 'readResources' | 'readRecentErrors' | 'readRollups'>;

const NO_CLASSES: ReadonlyMap<string, number> = new Map();
/** Of a server; more failures than these in a minute are counted without their class. */
const MAX_ERRORS = 5_000;
/** No series is called so; asked for, it costs the plan alone. */
const NO_SERIES = ' ';

/** The span that begins at `fromMs` as finely as it is still kept; it may begin earlier where only hours or days are left. */
export async function spanAt(store: MinuteStore, server: string, fromMs: number): Promise<Span> {
  const { usedRange } = await store.readRollups({
    fromMs,
    toMs: fromMs + MINUTE_MS,
    filter: { server, name: NO_SERIES },
    scope: 'series',
    groupBy: 'minute',
    digests: false,
  });
  const minutes = (usedRange.toMs - usedRange.fromMs) / MINUTE_MS;
  return { ...usedRange, level: minutes <= 1 ? 'minute' : minutes <= 60 ? 'hour' : 'day' };
}

/** Every server of `servers` is in the answer. */
export async function readMinute(
  store: MinuteStore,
  span: Span,
  servers: ReadonlySet<string>,
): Promise<Map<string, ServerMinute>> {
  const minutes = new Map<string, ServerMinute>();
  for (const server of servers) minutes.set(server, { server, series: new Map(), resources: undefined });
  for await (const page of store.scanRollups(span.level, span)) {
    for (const row of page) {
      const minute = row.scope === 'series' ? minutes.get(row.series.server) : undefined;
      if (minute !== undefined) addSeries(minute, seriesOfRow(row));
    }
  }
  for (const resources of await store.readResources(span, undefined, span.level)) {
    const minute = minutes.get(resources.server);
    if (minute !== undefined && resources.startMs === span.fromMs) minute.resources = resources;
  }
  for (const minute of minutes.values()) await addErrorClasses(store, minute, span);
  return minutes;
}

export function addLate(minute: ServerMinute, { rollups }: LateAddition): void {
  for (const { kind, name, outcomes, sumMs, minMs, maxMs, digest } of rollups) {
    addSeries(minute, {
      kind,
      name,
      outcomes,
      sumMs,
      minMs: minMs ?? Number.NaN,
      maxMs: maxMs ?? Number.NaN,
      sketch: sketchOfBytes(Buffer.from(digest, 'base64')),
      errorClasses: NO_CLASSES,
    });
  }
}

function seriesOfRow({ series, outcomes, sumMs, minMs, maxMs, digest }: StoredRollup): SeriesMinute {
  const { kind, name } = series;
  return { kind, name, outcomes, sumMs, minMs, maxMs, sketch: sketchOfBytes(digest), errorClasses: NO_CLASSES };
}

function sketchOfBytes(bytes: Uint8Array): Sketch | undefined {
  return bytes.length === 0 ? undefined : sketchFromBytes(bytes);
}

/** Rows know how many calls failed; what of, only the newest failures of each series say. */
async function addErrorClasses(store: MinuteStore, minute: ServerMinute, { fromMs, toMs }: Span): Promise<void> {
  const kinds = new Set<SeriesKind>();
  for (const series of minute.series.values()) if (errorCount(series) > 0) kinds.add(series.kind);
  if (kinds.size === 0) return;
  const recent = await store.readRecentErrors({ server: minute.server, kinds: [...kinds] }, MAX_ERRORS);
  const left = new Map(Array.from(minute.series, ([key, series]) => [key, errorCount(series)]));
  for (const { series: key, atMs, errorClass } of recent) {
    const known = minute.series.get(seriesKey(key));
    const unnamed = left.get(seriesKey(key)) ?? 0;
    if (known === undefined || unnamed === 0 || atMs < fromMs || atMs >= toMs) continue;
    const errorClasses = new Map(known.errorClasses);
    errorClasses.set(errorClass, (errorClasses.get(errorClass) ?? 0) + 1);
    minute.series.set(seriesKey(key), { ...known, errorClasses });
    left.set(seriesKey(key), unnamed - 1);
  }
}
