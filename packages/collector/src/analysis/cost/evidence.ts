/** What is read of one server to tell what its calls cost: its requests step by step, sizes of results, its processor. */
import type { Sketch } from '@mcp-vitals/sketch';
import { giveWay } from '../../clock.ts';
import { callCount, DAY_MS, HOUR_MS, MINUTE_MS, type SeriesRollup } from '../../model/rollup.ts';
import type { RollupQuery, Store, TimeRange } from '../../store/store.ts';

/** Requests that a server's own code answers, and that use its processor. */
const REQUEST_KINDS = ['tool', 'resource', 'prompt', 'method'] as const;

/** One series in one step. */
export interface CostStep {
  name: string;
  /** A request that is no tool takes its part of the processor, and is not told. */
  isTool: boolean;
  startMs: number;
  calls: number;
  totalMs: number;
  maxMs: number;
}

export interface SizeStep {
  name: string;
  startMs: number;
  maxBytes: number;
}

export interface Sizes {
  name: string;
  calls: number;
  bytes: number;
  maxBytes: number;
  sketch: Sketch;
}

export interface CpuStep {
  startMs: number;
  seconds: number;
}

export interface ServerEvidence {
  server: string;
  stepMs: number;
  requests: CostStep[];
  /** Over the whole range, one per tool whose results were measured. */
  sizes: Sizes[];
  sizeSteps: SizeStep[];
  /** Empty where the server does not report it. */
  cpu: CpuStep[];
}

const STEP_MS = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const;

/** Fine enough to tell one load from the next, coarse enough that a year is read in a moment. */
function stepOf({ fromMs, toMs }: TimeRange): NonNullable<RollupQuery['groupBy']> {
  const lengthMs = toMs - fromMs;
  if (lengthMs <= 6 * HOUR_MS) return 'minute';
  return lengthMs <= 14 * DAY_MS ? 'hour' : 'day';
}

export async function readServerEvidence(
  store: Pick<Store, 'readRollups' | 'readResources'>,
  server: string,
  range: TimeRange,
): Promise<ServerEvidence> {
  const groupBy = stepOf(range);
  const steps = { ...range, scope: 'series', groupBy, digests: false } as const;
  const ofSizes = { server, kinds: ['result_bytes'] } as const;
  // Each takes the store some milliseconds, and ingest has its turn between them.
  const requests = await store.readRollups({ ...steps, filter: { server, kinds: REQUEST_KINDS } });
  await giveWay();
  const sizes = await store.readRollups({ ...range, scope: 'series', digests: true, filter: ofSizes });
  await giveWay();
  const sizeSteps = await store.readRollups({ ...steps, filter: ofSizes });
  await giveWay();
  const resources = await store.readResources(range, server, groupBy);
  return {
    server,
    stepMs: STEP_MS[groupBy],
    requests: called(requests.rollups).map(costStep),
    sizes: called(sizes.rollups).map(sizesOf),
    sizeSteps: called(sizeSteps.rollups).map(({ series: { name }, startMs, maxMs: maxBytes }) => ({
      name,
      startMs,
      maxBytes,
    })),
    cpu: resources.map(({ startMs, cpuPercentAvg, minutes }) => ({
      startMs,
      seconds: (cpuPercentAvg / 100) * minutes * 60,
    })),
  };
}

function called(rollups: readonly SeriesRollup[]): SeriesRollup[] {
  return rollups.filter((rollup) => callCount(rollup) > 0);
}

function costStep(rollup: SeriesRollup): CostStep {
  const { series, startMs, sumMs, maxMs } = rollup;
  const calls = callCount(rollup);
  return { name: series.name, isTool: series.kind === 'tool', startMs, calls, totalMs: sumMs, maxMs };
}

function sizesOf(rollup: SeriesRollup): Sizes {
  const { series, sumMs, maxMs, digest } = rollup;
  return { name: series.name, calls: callCount(rollup), bytes: sumMs, maxBytes: maxMs, sketch: digest! };
}
