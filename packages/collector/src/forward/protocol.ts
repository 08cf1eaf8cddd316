/** What a way of forwarding has to know of its receivers; everything else is the same for all of them. */
import type { Exemplar } from '@mcp-vitals/wire/decode';
import type { ResourceRollup } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { Span } from './minute.ts';
import type { Distributions, ServerTotals } from './totals.ts';

/** A server in a span of time. */
export interface ServerSpan<Distribution> {
  info: ServerInfo;
  /** `gone`: it has been silent for two minutes, and this is the first span that says so; `away`: it was said. */
  presence: 'live' | 'gone' | 'away';
  /** Since they began or, where the receiver wants differences, of the span alone. */
  totals: ServerTotals<Distribution>;
  resources: ResourceRollup | undefined;
  /** The newest call of a series within the span that is part of a trace; its time is corrected for skew. */
  exemplarOf(seriesKey: string): Exemplar | undefined;
}

export interface OutgoingRequest {
  body: Uint8Array;
  /** Samples or data points in it. */
  points: number;
}

export interface Protocol<Distribution> {
  readonly name: DestinationName;
  /** Whether points are totals since they began. */
  readonly isCumulative: boolean;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly distributions: Distributions<Distribution>;
  /** Requests of bounded size, in order. The caller gives way between them. */
  requests(servers: readonly ServerSpan<Distribution>[], span: Span): Iterable<OutgoingRequest>;
  /** Whether the same request may be taken later. */
  isRetryable(status: number): boolean;
  /** What an answer of success says was not taken. */
  rejectedOf(answer: Uint8Array): { points: number; message: string };
}

export const DESTINATION_NAMES = ['otlp', 'remoteWrite'] as const;
export type DestinationName = (typeof DESTINATION_NAMES)[number];
