/**
 * Sights of simulated servers: calls arrive at random, are served by what a cause looks like, and are counted second by second
 * as the SDK counts them. Seeded; the parameters are the tests'.
 */
import { randomNumbers } from '../../testing/weeksOfCalls.ts';
import {
  emptyResources,
  emptyTool,
  type Follow,
  RESOURCE_FIELDS,
  type Sight,
  type ToolColumns,
} from './evidence/sight.ts';

export const SLOT_MS = 1_000;

const BANDS: readonly [from: number, to: number][] = [
  [2, 2],
  [3, 4],
  [5, 8],
  [9, 16],
  [17, 32],
  [33, 64],
  [65, Number.POSITIVE_INFINITY],
];

/** Serves a call: when it ends, if it begins at `atMs` as one of `underWay`. Called in the order of arrivals. */
export type Service = (atMs: number, underWay: number) => number;

/** `k` places, first come first served; each call keeps one for `serviceMs`. */
export function places(k: number, serviceMs: () => number): Service {
  const freeAtMs = new Array<number>(k).fill(0);
  return (atMs) => {
    const place = freeAtMs.indexOf(Math.min(...freeAtMs));
    const endMs = Math.max(atMs, freeAtMs[place]!) + serviceMs();
    freeAtMs[place] = endMs;
    return endMs;
  };
}

/** Room for all. */
export function unlimited(serviceMs: (atMs: number, underWay: number) => number): Service {
  return (atMs, underWay) => atMs + serviceMs(atMs, underWay);
}

export interface SimulatedTool {
  tool: string;
  /** By second. */
  perSecond(second: number): number;
  service: Service;
}

export interface Simulation {
  seconds: number;
  tools: readonly SimulatedTool[];
  seed: number;
  /** What is known of the process, by second; what is not given is that of a process with little to do. */
  resources?: Partial<Record<(typeof RESOURCE_FIELDS)[number], (second: number) => number>>;
  follows?: readonly Follow[];
}

const IDLE = {
  cpuPercent: 5,
  cpuWaitPercent: 1,
  hostCpuPercent: 20,
  eventLoopDelayMs: 0.3,
  memoryMb: 100,
  memoryPercent: 1,
  heapUsedMb: 30,
};

export function simulatedSight({ seconds, tools, seed, resources = {}, follows = [] }: Simulation): Sight {
  const random = randomNumbers(seed);
  const columns = emptyResources(seconds);
  for (const field of RESOURCE_FIELDS) {
    const valueAt = resources[field] ?? (() => IDLE[field]);
    for (let second = 0; second < seconds; second++) columns[field][second] = valueAt(second);
  }
  return {
    server: 'simulated',
    instance: 'one',
    version: '1.0.0',
    host: 'host',
    resolution: 'second',
    startMs: Float64Array.from({ length: seconds }, (_, slot) => slot * SLOT_MS),
    endMs: Float64Array.from({ length: seconds }, (_, slot) => (slot + 1) * SLOT_MS),
    tools: tools.map((tool) => simulatedTool(tool, seconds, random)),
    resources: columns,
    follows: [...follows],
  };
}

function simulatedTool(
  { tool, perSecond, service }: SimulatedTool,
  seconds: number,
  random: () => number,
): ToolColumns {
  const columns = emptyTool(tool, seconds);
  columns.bands = BANDS.map(([from, to]) => {
    return { from, to, calls: new Float64Array(seconds), sumMs: new Float64Array(seconds) };
  });
  /** Of calls under way, ascending from `ended` on. */
  const ends: number[] = [];
  let ended = 0;
  for (let atMs = 0; ; ) {
    atMs += (-1_000 * Math.log(random())) / Math.max(0.01, perSecond(Math.floor(atMs / 1_000)));
    if (atMs >= seconds * SLOT_MS) break;
    while (ended < ends.length && ends[ended]! <= atMs) ended += 1;
    const underWay = ends.length - ended + 1;
    const endMs = service(atMs, underWay);
    const later = ends.findLastIndex((other, i) => i < ended || other <= endMs);
    ends.splice(later + 1, 0, endMs);
    record(columns, Math.floor(endMs / SLOT_MS), underWay, endMs - atMs);
  }
  columns.bands = columns.bands.filter(({ calls }) => calls.some((count) => count > 0));
  return columns;
}

/** What ends after the end is not seen. */
function record(columns: ToolColumns, slot: number, underWay: number, durationMs: number): void {
  if (slot >= columns.calls.length) return;
  columns.calls[slot]! += 1;
  columns.sumMs[slot]! += durationMs;
  columns.maxMs[slot] = Math.max(columns.maxMs[slot] || 0, durationMs);
  const band = columns.bands.find(({ from, to }) => underWay >= from && underWay <= to);
  if (band === undefined) return;
  band.calls[slot]! += 1;
  band.sumMs[slot]! += durationMs;
}

/** Quiet, busy, quiet again. */
export function rushHour(seconds: number, quiet: number, busy: number): (second: number) => number {
  return (second) => (second >= seconds / 4 && second < (3 * seconds) / 4 ? busy : quiet);
}
