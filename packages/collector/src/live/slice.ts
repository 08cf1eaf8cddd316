/**
 * What was reported within one minute. It has its own list of the series and processes in it, so that with the slice
 * everything is forgotten that only it knew, however many names strangers make up.
 */
import type { Batch, ResourceSample, SeriesKind, Window } from '@mcp-vitals/wire/decode';
import { callCount, errorCount } from '../model/rollup.ts';
import type { SeriesFilter } from '../model/series.ts';
import type { RecentResources, RecentWindow } from '../serve/ports/recent.ts';
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

/** A minute is seldom much fuller than the one before. */
const MARGIN = 1.05;

/** A source with its texts and its place in the map, roughly. */
const SOURCE_BYTES = 400;

export class Slice {
  /** End of the newest window or time of the newest sample in it. */
  newestMs = Number.NEGATIVE_INFINITY;
  readonly #sources: Source[] = [];
  readonly #processes: Process[] = [];
  /** Places of both lists by what is in them. */
  readonly #places = new Map<string, number>();
  readonly #windows: NumberRows;
  readonly #samples: NumberRows;

  /** @param expected the slice before, which was probably as large */
  constructor(
    readonly openedMs: number,
    expected?: Slice,
  ) {
    this.#windows = new NumberRows(WINDOW_COLUMNS, expected && expected.#windows.length * MARGIN);
    this.#samples = new NumberRows(1 + SAMPLE_FIELDS.length, expected && expected.#samples.length * MARGIN);
  }

  get bytes(): number {
    return (this.#sources.length + this.#processes.length) * SOURCE_BYTES + this.#windows.bytes + this.#samples.bytes;
  }

  addWindow(source: Source, window: Window, skewMs: number): void {
    const { digest, histogram } = window;
    const { instance, kind, server, name } = source;
    const endMs = window.endMs - skewMs;
    const maxMs = Math.max(digest.count > 0 ? digest.max : 0, histogram?.count ? histogram.max : 0);
    const at = this.#windows.add();
    const { values } = this.#windows;
    values[at + SOURCE] = this.#placeOf(this.#sources, source, ['source', instance, kind, server, name]);
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
    const index = this.#placeOf(this.#processes, process, ['process', process.instance, ...process.servers]);
    for (const sample of samples) {
      const at = this.#samples.add();
      const { values } = this.#samples;
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
    const selected = this.#sources.map((source) => (selects(filter, source) ? source : undefined));
    if (selected.every((source) => source === undefined)) return;
    const { values, length } = this.#windows;
    for (let at = 0; at < length * WINDOW_COLUMNS; at += WINDOW_COLUMNS) {
      const endMs = values[at + END]!;
      const source = endMs > fromMs && endMs <= toMs ? selected[values[at + SOURCE]!] : undefined;
      if (source !== undefined) into.push(windowAt(values, at, source));
    }
  }

  pushSamples(into: RecentResources[], { fromMs, toMs }: TimeRange, server?: string): void {
    const { values, length, width } = this.#samples;
    for (let at = 0; at < length * width; at += width) {
      const atMs = values[at + 1]!;
      if (atMs <= fromMs || atMs > toMs) continue;
      const { instance, servers } = this.#processes[values[at]!]!;
      const names = server === undefined ? servers : servers.filter((name) => name === server);
      for (const name of names) into.push({ server: name, instance, ...sampleAt(values, at + 1) });
    }
  }

  /** Where an entry stands in its list, added when it is new. @param parts what it is known by, its list first */
  #placeOf<Entry>(list: Entry[], entry: Entry, parts: readonly string[]): number {
    const key = parts.join('\0');
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = list.push(entry) - 1;
    this.#places.set(key, place);
    return place;
  }
}

/** Written out: many are made, and spreading the source would take most of the time. */
function windowAt(values: Float64Array, at: number, { server, kind, name, instance }: Source): RecentWindow {
  return {
    server,
    kind,
    name,
    instance,
    startMs: values[at + START]!,
    endMs: values[at + END]!,
    calls: values[at + CALLS]!,
    errors: values[at + ERRORS]!,
    sumMs: values[at + SUM]!,
    maxMs: values[at + MAX]!,
  };
}

function sampleAt(values: Float64Array, at: number): ResourceSample {
  const known = SAMPLE_FIELDS.map((field, column) => [field, values[at + column]!] as const);
  return Object.fromEntries(known.filter(([, value]) => !Number.isNaN(value))) as unknown as ResourceSample;
}

function selects(filter: SeriesFilter, { server, kind, name }: Source): boolean {
  if (filter.server !== undefined && filter.server !== server) return false;
  if (filter.name !== undefined && filter.name !== name) return false;
  return (filter.kinds ?? ['tool']).includes(kind);
}
