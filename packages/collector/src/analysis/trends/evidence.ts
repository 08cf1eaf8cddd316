/** What trends are told from: one column of steps per metric of a tool, a server, or everything. */
import { giveWay } from '../../clock.ts';
import { groupBy } from '../../model/groupBy.ts';
import { callCount, errorRatePercent, HOUR_MS, type ResourceRollup, type SeriesRollup } from '../../model/rollup.ts';
import type { TrendColumn, TrendMetric } from '../../model/trends.ts';
import type { RollupQuery, Store, TimeRange } from '../../store/store.ts';

/** A p95 of fewer calls is the slowest of them, and one failure a tenth: both say more of chance than of the tool. */
const MIN_CALLS = 10;
/** Servers that are looked at by themselves, those with the most calls, where none is named. */
const MAX_SERVERS = 10;
/** Rows of which a few milliseconds of work are made; then what else waits, ingest above all, has its turn. */
const ROWS_AT_A_TIME = 100;

export interface EvidenceRequest extends TimeRange {
  stepMs: number;
  metrics: readonly TrendMetric[];
  server?: string | undefined;
  tool?: string | undefined;
}

/** One step of calls, small: its sketch is read and forgotten. */
interface CallStep {
  server: string;
  startMs: number;
  calls: number;
  errorRatePercent: number;
  p95Ms: number;
}

const OF_CALLS: Partial<Record<TrendMetric, (step: CallStep, perHour: number) => number>> = {
  execution_time: ({ calls, p95Ms }) => (calls < MIN_CALLS ? Number.NaN : p95Ms),
  error_rate: ({ calls, errorRatePercent }) => (calls < MIN_CALLS ? Number.NaN : errorRatePercent),
  throughput: ({ calls }, perHour) => calls * perHour,
};

const OF_RESOURCES: Partial<Record<TrendMetric, (step: ResourceRollup) => number>> = {
  cpu: ({ cpuPercentAvg }) => cpuPercentAvg,
  memory: ({ memoryPercentAvg }) => memoryPercentAvg,
  event_loop_delay: ({ eventLoopDelayMsAvg }) => eventLoopDelayMsAvg,
};

/** Every column has a value per step of the range; NaN where there is none. */
export async function readColumns(store: Store, request: EvidenceRequest): Promise<TrendColumn[]> {
  const { server, tool, metrics } = request;
  const hasCallMetrics = metrics.some((metric) => metric in OF_CALLS);
  const servers = server === undefined ? (await store.listServers()).length : 1;
  const scope = tool === undefined ? 'server' : 'series';
  const steps = hasCallMetrics ? await readCallSteps(store, request, scope, servers) : [];
  const all = hasCallMetrics && server === undefined ? await readCallSteps(store, request, 'all', 1) : [];
  const resources = groupBy(await readResourceSteps(store, request, servers), (row) => row.server);
  const kept = server === undefined ? busiest(steps, resources) : [server];
  const byServer = groupBy(steps, (step) => step.server);
  return [
    ...(server === undefined ? callColumns({ server: '', tool: '' }, all, request) : []),
    ...kept.flatMap((name) => callColumns({ server: name, tool: tool ?? '' }, byServer.get(name) ?? [], request)),
    ...kept.flatMap((name) => resourceColumns(name, resources.get(name) ?? [], request)),
  ];
}

function readCallSteps(
  store: Store,
  { server, tool, metrics, ...span }: EvidenceRequest,
  scope: RollupQuery['scope'],
  rowsPerStep: number,
): Promise<CallStep[]> {
  const digests = metrics.includes('execution_time');
  const query = { filter: { server, name: tool }, scope, groupBy: groupOf(span.stepMs), digests };
  return inSlices(span, rowsPerStep, async (range) =>
    (await store.readRollups({ ...query, ...range })).rollups.map(callStep),
  );
}

function readResourceSteps(
  store: Store,
  { server, metrics, ...span }: EvidenceRequest,
  rowsPerStep: number,
): Promise<ResourceRollup[]> {
  if (!metrics.some((metric) => metric in OF_RESOURCES)) return Promise.resolve([]);
  return inSlices(span, rowsPerStep, (range) => store.readResources(range, server, groupOf(span.stepMs)));
}

function groupOf(stepMs: number): 'hour' | 'day' {
  return stepMs === HOUR_MS ? 'hour' : 'day';
}

async function inSlices<Row>(
  { fromMs, toMs, stepMs }: Pick<EvidenceRequest, 'fromMs' | 'toMs' | 'stepMs'>,
  rowsPerStep: number,
  read: (range: TimeRange) => Promise<Row[]>,
): Promise<Row[]> {
  const sliceMs = stepMs * Math.max(1, Math.floor(ROWS_AT_A_TIME / Math.max(1, rowsPerStep)));
  const rows: Row[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += sliceMs) {
    rows.push(...(await read({ fromMs: atMs, toMs: Math.min(toMs, atMs + sliceMs) })));
    await giveWay();
  }
  return rows;
}

function callStep(rollup: SeriesRollup): CallStep {
  const calls = callCount(rollup);
  return {
    server: rollup.series.server,
    startMs: rollup.startMs,
    calls,
    errorRatePercent: errorRatePercent(rollup),
    p95Ms: calls === 0 ? Number.NaN : (rollup.digest?.quantile(0.95) ?? Number.NaN),
  };
}

/** Those with the most calls; servers without any come last. */
function busiest(steps: readonly CallStep[], resources: ReadonlyMap<string, unknown>): string[] {
  const calls = new Map([...resources.keys()].map((server) => [server, 0]));
  for (const step of steps) calls.set(step.server, (calls.get(step.server) ?? 0) + step.calls);
  return [...calls]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MAX_SERVERS)
    .map(([server]) => server);
}

function callColumns(
  subject: Pick<TrendColumn, 'server' | 'tool'>,
  steps: readonly CallStep[],
  request: EvidenceRequest,
): TrendColumn[] {
  const perHour = HOUR_MS / request.stepMs;
  return request.metrics.flatMap((metric) => {
    const value = OF_CALLS[metric];
    if (value === undefined) return [];
    const values = inSteps(steps, request, (step) => value(step, perHour));
    return [{ ...subject, metric, values: metric === 'throughput' ? zerosWithin(values) : values }];
  });
}

function resourceColumns(server: string, steps: readonly ResourceRollup[], request: EvidenceRequest): TrendColumn[] {
  return request.metrics.flatMap((metric) => {
    const value = OF_RESOURCES[metric];
    return value === undefined ? [] : [{ server, tool: '', metric, values: inSteps(steps, request, value) }];
  });
}

/** Where only wider rows are kept, the step that they begin with has their value, and the others have none. */
function inSteps<Step extends { startMs: number }>(
  steps: readonly Step[],
  { fromMs, toMs, stepMs }: EvidenceRequest,
  value: (step: Step) => number,
): Float64Array {
  const values = new Float64Array(Math.round((toMs - fromMs) / stepMs)).fill(Number.NaN);
  for (const step of steps) {
    const index = Math.floor((step.startMs - fromMs) / stepMs);
    if (index >= 0 && index < values.length) values[index] = value(step);
  }
  return values;
}

/** After the first call, a step without a row is one without a call. */
function zerosWithin(values: Float64Array): Float64Array {
  const first = values.findIndex((value) => !Number.isNaN(value));
  return first < 0 ? values : values.map((value, i) => (i > first && Number.isNaN(value) ? 0 : value));
}
