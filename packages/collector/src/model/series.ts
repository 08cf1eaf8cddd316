import type { SeriesKind } from '@mcp-vitals/wire/decode';

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
};

/** Kinds whose values are durations. */
export const TIMED_KINDS = ['tool', 'resource', 'prompt', 'method', 'custom', 'wait'] as const satisfies SeriesKind[];
export type TimedKind = (typeof TIMED_KINDS)[number];

/** Everything a query may select by; an absent field selects all. */
export interface SeriesFilter {
  server?: string | undefined;
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
