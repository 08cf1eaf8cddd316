import { SERIES_KINDS, type SeriesKind } from '@mcp-vitals/wire/decode';

/** A series is one named thing of one server that takes time. */
export interface SeriesKey {
  server: string;
  kind: SeriesKind;
  name: string;
}

/** What a value of a series is in; durations where it says `ms`. */
export const UNIT_OF_KIND: Readonly<Record<SeriesKind, 'ms' | 'bytes' | ''>> = {
  tool: 'ms',
  resource: 'ms',
  prompt: 'ms',
  method: 'ms',
  custom: 'ms',
  wait: 'ms',
  result_bytes: 'bytes',
  counter: '',
  gauge: '',
  overlapped: 'ms',
  follows: '',
  queued: 'ms',
  by_client: 'ms',
};

/** Kinds that only the analyses read: how calls overlapped, followed each other, waited for their turn, and whose they were. */
export const ANALYSIS_KINDS = ['overlapped', 'follows', 'queued', 'by_client'] as const satisfies SeriesKind[];

/** Kinds that people look at. */
export type MeasuredKind = Exclude<SeriesKind, (typeof ANALYSIS_KINDS)[number]>;
export const MEASURED_KINDS: readonly MeasuredKind[] = SERIES_KINDS.filter(
  (kind): kind is MeasuredKind => !(ANALYSIS_KINDS as readonly SeriesKind[]).includes(kind),
);

/** Kinds whose values are durations. */
export const TIMED_KINDS = ['tool', 'resource', 'prompt', 'method', 'custom', 'wait'] as const satisfies SeriesKind[];
export type TimedKind = (typeof TIMED_KINDS)[number];

/** Everything a query may select by; an absent field selects all. */
export interface SeriesFilter {
  server?: string | undefined;
  /** Only servers of this workspace. */
  workspace?: string | undefined;
  name?: string | undefined;
  /** Default: tools only. */
  kinds?: readonly SeriesKind[] | undefined;
}

/** Where the 1,001st series of a server goes. */
export const OVERFLOW_NAME = '__other__';

/** What the collector knows of a monitored server, from the batches of its instances. */
export interface ServerInfo {
  name: string;
  /** Version that reported last. */
  version: string;
  /** Epoch ms of the first and of the newest batch. */
  firstSeenMs: number;
  lastSeenMs: number;
  /** Instances seen within the last two minutes. */
  liveInstances: number;
  /** Names of the machines those run on. */
  hosts: string[];
  /** Samples the SDKs lost, by reason, since the store was made. */
  dropped: Record<string, number>;
}
