/**
 * How calls stand to each other: how many of a tool run at once and what that does to their durations, and which tool is
 * called next after which. Both are series of their own, bounded by themselves and not by `maxSeries`: at most
 * seven per tool for what overlaps, and `MAX_PAIRS` per server for what follows. Calls in `__other__` are left out.
 */
import type { SeriesKind } from '@mcp-vitals/wire/encode';
import { formatToolSeriesName } from '@mcp-vitals/wire/encode';
import type { MonitoredServer, Series } from '../window/series.ts';
import type { Link } from './chain.ts';

/** Calls under way, the one that begins included: the label of each series of kind `overlapped`. */
const OVERLAP_LABELS = ['2', '3-4', '5-8', '9-16', '17-32', '33-64', '65+'];

/** A call follows another one when it begins at most this long after. */
const FOLLOWS_WITHIN_MS = 60_000;

/** Pairs of tools per server; further ones are not counted. */
export const MAX_PAIRS = 200;

export interface RelationsDeps {
  createSeries(server: MonitoredServer, kind: SeriesKind, name: string): Series;
}

export class Relations {
  constructor(private readonly deps: RelationsDeps) {}

  /** Where calls of a tool are recorded that began as one of `calls`, at least two. */
  overlapOf(series: Series, calls: number): Series {
    // Logarithm to base 2, rounded up: 2 is the first, 3 and 4 the second, 5 to 8 the third.
    const index = Math.min(OVERLAP_LABELS.length - 1, 31 - Math.clz32(calls - 1));
    return series.overlapped[index] ?? this.#addOverlap(series, index);
  }

  /**
   * A call of `series` begins: moves its session on.
   * @returns the pair that it makes with the call before; undefined where there is none
   */
  pairOf(link: Link, series: Series, nowMs: number): Series | undefined {
    const before = link.series;
    const isSoon = nowMs - link.atMs <= FOLLOWS_WITHIN_MS;
    link.series = series.isRelated ? series : undefined;
    link.atMs = nowMs;
    if (before === undefined || !isSoon || !series.isRelated) return undefined;
    return series.followed?.get(before) ?? this.#addPair(before, series);
  }

  #addOverlap(series: Series, index: number): Series {
    const name = formatToolSeriesName(series.name, { calls: OVERLAP_LABELS[index]! });
    const overlap = this.deps.createSeries(series.server, 'overlapped', name);
    series.overlapped[index] = overlap;
    return overlap;
  }

  #addPair(before: Series, series: Series): Series | undefined {
    const { server } = series;
    if (server.pairCount === MAX_PAIRS) return undefined;
    server.pairCount += 1;
    const pair = this.deps.createSeries(server, 'follows', formatToolSeriesName(series.name, { after: before.name }));
    series.followed ??= new Map();
    series.followed.set(before, pair);
    return pair;
  }
}
