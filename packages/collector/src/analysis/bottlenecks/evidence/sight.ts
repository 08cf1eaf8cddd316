/**
 * What an analysis looks at: a server, or one process of it, slot by slot. A slot is a window of the SDK (about a second) of
 * what is recent, else a stored minute, hour or day. Columns of numbers only: it goes to another thread.
 */

import type { BottleneckResolution } from '../../../model/bottleneck.ts';

/** Calls of a tool that began while so many of it were under way, themselves included. */
export interface Band {
  /** Least and greatest number; the last band has no end. */
  from: number;
  to: number;
  calls: Float64Array;
  sumMs: Float64Array;
}

/** Calls of a tool that one client made. */
export interface ClientColumns {
  client: string;
  calls: Float64Array;
  sumMs: Float64Array;
  /** Over the whole range, of all processes; NaN where it is not known. */
  p95Ms: number;
}

/** One tool; all columns have an entry per slot. */
export interface ToolColumns {
  tool: string;
  calls: Float64Array;
  errors: Float64Array;
  sumMs: Float64Array;
  /** The slowest call; NaN where it is not known. */
  maxMs: Float64Array;
  /** Calls whose results were measured, and their bytes. */
  sizedCalls: Float64Array;
  resultBytes: Float64Array;
  /** Beside the calls that began alone, which are the rest. Ascending. */
  bands: Band[];
  /** Those that are told apart; empty where one client calls. */
  clients: ClientColumns[];
}

/** An entry per slot; NaN where it is not known. */
export interface ResourceColumns {
  /** Per cent of one core. */
  cpuPercent: Float64Array;
  cpuWaitPercent: Float64Array;
  hostCpuPercent: Float64Array;
  eventLoopDelayMs: Float64Array;
  memoryMb: Float64Array;
  memoryPercent: Float64Array;
  heapUsedMb: Float64Array;
}

/** How often a tool was called next after another one in the same session. */
export interface Follow {
  tool: string;
  after: string;
  count: number;
}

export interface Sight {
  server: string;
  /** The process; empty: all processes of the server together. */
  instance: string;
  version: string;
  host: string;
  /** What a slot is. */
  resolution: BottleneckResolution;
  /** Epoch ms, ascending; slots do not overlap, and there are none in which nothing happened. */
  startMs: Float64Array;
  endMs: Float64Array;
  tools: ToolColumns[];
  resources: ResourceColumns;
  follows: Follow[];
}

export const RESOURCE_FIELDS = [
  'cpuPercent',
  'cpuWaitPercent',
  'hostCpuPercent',
  'eventLoopDelayMs',
  'memoryMb',
  'memoryPercent',
  'heapUsedMb',
] as const satisfies (keyof ResourceColumns)[];

/** Columns of a tool without a call. */
export function emptyTool(tool: string, slots: number): ToolColumns {
  const zeros = () => new Float64Array(slots);
  return {
    tool,
    calls: zeros(),
    errors: zeros(),
    sumMs: zeros(),
    maxMs: new Float64Array(slots).fill(Number.NaN),
    sizedCalls: zeros(),
    resultBytes: zeros(),
    bands: [],
    clients: [],
  };
}

export function emptyResources(slots: number): ResourceColumns {
  const unknown = () => new Float64Array(slots).fill(Number.NaN);
  return Object.fromEntries(RESOURCE_FIELDS.map((field) => [field, unknown()])) as unknown as ResourceColumns;
}
