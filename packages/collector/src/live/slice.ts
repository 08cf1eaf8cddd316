/**
 * What was reported within one minute. It has its own list of the series and processes in it, so that with the slice
 * everything is forgotten that only it knew, however many names strangers make up.
 */
import type { Batch, ResourceSample, SeriesKind, Window } from '@mcp-vitals/wire/decode';
import { callCount, errorCount } from '../model/rollup.ts';
import type { SeriesFilter } from '../model/series.ts';
import type { RecentResources, RecentWindow } from '../serve/services.ts';
import type { TimeRange } from '../store/store.ts';
import { NumberRows } from './numberRows.ts';

/** A series of one process. */
interface Source {
  server: string;
  kind: SeriesKind;
  name: string;
  instance: string;
}

/** The process a sample is of, with the names of its servers. */
interface Process {
  instance: string;
  servers: readonly string[];
}

/** Columns of a window: its source, and the numbers of `RecentWindow`. */
const WINDOW_COLUMNS = 7;
const [SOURCE, START, END, CALLS, ERRORS, SUM, MAX] = [0, 1, 2, 3, 4, 5, 6] as const;

/** Every number of a sample; each has a column, after that of the process. */
const SAMPLE_FIELDS = Object.keys({
  atMs: true,
  cpuPercent: true,
  memoryMb: true,
  memoryPercent: true,
  diskIoKb: true,
  eventLoopDelayMs: true,
  heapUsedMb: true,
  heapTotalMb: true,
  externalMb: true,
  cpuWaitPercent: true,
  hostCpuPercent: true,
} satisfies Record<keyof ResourceSample, true>) as (keyof ResourceSample)[];

/** A source with its texts and its place in the map, roughly. */
const SOURCE_BYTES = 400;

export class Slice {
  /** End of the newest window or time of the newest sample in it. */
  newestMs = Number.NEGATIVE_INFINITY;
  readonly #sources: Source[] = [];
  readonly #sourceIndex = new Map<string, number>();
  readonly #processes: Process[] = [];
  readonly #windows: NumberRows;
  readonly #samples = new NumberRows(1 + SAMPLE_FIELDS.length);

  /** @param expected the slice before, which was probably as large */
  constructor(
    readonly openedMs: number,
    expected?: Slice,
  ) {
    this.#windows = new NumberRows(WINDOW_COLUMNS, expected?.windowCount);
  }

  get windowCount(): number {
    return this.#windows.length;
  }

  get bytes(): number {
    return (this.#sources.length + this.#processes.length) * SOURCE_BYTES + this.#windows.bytes + this.#samples.bytes;
  }

  addWindow(source: Source, window: Window, skewMs: number): void {
    const { digest, histogram } = window;
    const endMs = window.endMs - skewMs;
    const maxMs = Math.max(digest.count > 0 ? digest.max : 0, histogram?.count ? histogram.max : 0);
    const { values, at } = this.#windows.add();
    values[at + SOURCE] = this.#indexOf(source);
    values[at + START] = window.startMs - skewMs;
    values[at + END] = endMs;
    values[at + CALLS] = callCount(window);
    values[at + ERRORS] = errorCount(window);
    values[at + SUM] = digest.sum + (histogram?.sum ?? 0);
    values[at + MAX] = maxMs;
    this.newestMs = Math.max(this.newestMs, endMs);
  }

  addSamples(process: Process, samples: Batch['resources'], skewMs: number): void {
    if (samples.length === 0) return;
    const index = this.#processes.push(process) - 1;
    for (const sample of samples) {
      const { values, at } = this.#samples.add();
      values[at] = index;
      SAMPLE_FIELDS.forEach((field, column) => {
        values[at + 1 + column] = sample[field] ?? Number.NaN;
      });
      values[at + 1]! -= skewMs;
      this.newestMs = Math.max(this.newestMs, sample.atMs - skewMs);
    }
  }

  /** Windows that ended within the range, in the order in which they came. */
  pushWindows(into: RecentWindow[], { fromMs, toMs }: TimeRange, filter: SeriesFilter): void {
    const rows = this.#windows;
    const isSelected = this.#sources.map((source) => selects(filter, source));
    if (!isSelected.includes(true)) return;
    for (let row = 0; row < rows.length; row += 1) {
      const endMs = rows.get(row, END);
      const source = rows.get(row, SOURCE);
      if (endMs <= fromMs || endMs > toMs || !isSelected[source]) continue;
      into.push({
        ...this.#sources[source]!,
        startMs: rows.get(row, START),
        endMs,
        calls: rows.get(row, CALLS),
        errors: rows.get(row, ERRORS),
        sumMs: rows.get(row, SUM),
        maxMs: rows.get(row, MAX),
      });
    }
  }

  pushSamples(into: RecentResources[], { fromMs, toMs }: TimeRange, server?: string): void {
    const rows = this.#samples;
    for (let row = 0; row < rows.length; row += 1) {
      const atMs = rows.get(row, 1);
      if (atMs <= fromMs || atMs > toMs) continue;
      const { instance, servers } = this.#processes[rows.get(row, 0)]!;
      const sample = this.#sampleAt(row);
      for (const name of servers) {
        if (server === undefined || name === server) into.push({ server: name, instance, ...sample });
      }
    }
  }

  #sampleAt(row: number): ResourceSample {
    const known = SAMPLE_FIELDS.map((field, column) => [field, this.#samples.get(row, 1 + column)] as const);
    return Object.fromEntries(known.filter(([, value]) => !Number.isNaN(value))) as unknown as ResourceSample;
  }

  #indexOf(source: Source): number {
    const key = `${source.instance}\0${source.kind}\0${source.server}\0${source.name}`;
    const known = this.#sourceIndex.get(key);
    if (known !== undefined) return known;
    const index = this.#sources.push(source) - 1;
    this.#sourceIndex.set(key, index);
    return index;
  }
}

function selects(filter: SeriesFilter, { server, kind, name }: Source): boolean {
  if (filter.server !== undefined && filter.server !== server) return false;
  if (filter.name !== undefined && filter.name !== name) return false;
  return (filter.kinds ?? ['tool']).includes(kind);
}
