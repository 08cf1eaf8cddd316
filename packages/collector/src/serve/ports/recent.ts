/** The newest minutes. */
import type { ResourceSample, SeriesKind } from '@mcp-vitals/wire/decode';
import type { SeriesFilter } from '../../model/series.ts';
import type { TimeRange } from '../../store/store.ts';

/** One window of one series as it came, without its samples. Times in epoch milliseconds on the collector's clock. */
export interface RecentWindow {
  server: string;
  kind: SeriesKind;
  name: string;
  /** The process that reported it. */
  instance: string;
  startMs: number;
  endMs: number;
  calls: number;
  errors: number;
  /** Of the values of all calls, in the unit of the kind. */
  sumMs: number;
  /** 0 where there is no call. */
  maxMs: number;
}

/** What a process used, as a sample of each of its servers; `atMs` on the collector's clock. */
export interface RecentResources extends ResourceSample {
  server: string;
  instance: string;
}

/** A process that reported a server within the last minutes. */
export interface RecentInstance {
  instance: string;
  server: string;
  version: string;
  host: string;
  pid: number;
  runtime: string;
  lastSeenMs: number;
}

/** What was reported in the newest minutes, at the resolution of the SDKs' windows. */
export interface Recent {
  /**
   * Windows that ended within the range, its end included and its start not, oldest first; what is kept of them. An object
   * is made of each: ask for as much as is needed.
   */
  windows(range: TimeRange, filter: SeriesFilter): RecentWindow[];
  /** Samples taken within the range, as for windows. */
  resources(range: TimeRange, server?: string): RecentResources[];
  /** The newest first. */
  instances(server?: string): RecentInstance[];
  /** From here on everything is kept. */
  keptFromMs(): number;
}
