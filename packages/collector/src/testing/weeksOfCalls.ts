/** Weeks of calls put into a store as the hours that are left of them: mornings, evenings, weekends, and what a test wants to happen. */
import { Digest } from '@mcp-vitals/sketch';
import { DAY_MS, HOUR_MS } from '../model/rollup.ts';
import type { Store, StoredResources, StoredRollup } from '../store/store.ts';

export interface HourlyTool {
  server: string;
  tool: string;
  callsPerHour: number;
  /** @param day counted from the first, with a fraction */
  medianMs(day: number): number;
  failShare?(day: number): number;
}

export interface Weeks {
  tools: readonly HourlyTool[];
  fromMs: number;
  toMs: number;
  /** By server, per cent. */
  memoryPercent?: Record<string, (day: number) => number>;
}

/** The same numbers on every run: a linear congruential generator. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

export async function fillWeeks(
  store: Store,
  { tools, fromMs, toMs, memoryPercent = {} }: Weeks,
  seed = 1,
): Promise<void> {
  const random = randomNumbers(seed);
  const servers = [...new Set(tools.map(({ server }) => server))];
  for (let startMs = fromMs; startMs < toMs; startMs += HOUR_MS) {
    const day = (startMs - fromMs) / DAY_MS;
    const rows = tools.map((tool) => hourOf(tool, startMs, day, random));
    const merged = [
      ...servers.map((server) =>
        mergedRow(
          rows.filter(({ series }) => series.server === server),
          'server',
        ),
      ),
      mergedRow(rows, 'all'),
    ];
    await store.importRollups('hour', [...rows, ...merged]);
    await store.importResources(
      'hour',
      servers
        .filter((server) => memoryPercent[server])
        .map((server) => resourcesOf(server, startMs, memoryPercent[server]!(day))),
    );
  }
  const known = { version: '1.4.0', firstSeenMs: fromMs, lastSeenMs: toMs, dropped: {} };
  await store.importSenders({ senders: [], servers: servers.map((name) => ({ name, ...known })) });
  await store.finishImport();
}

/** Lognormal durations. Busy in the afternoon, quiet at night and at weekends. */
function hourOf(
  { server, tool, callsPerHour, medianMs, failShare = () => 0 }: HourlyTool,
  startMs: number,
  day: number,
  random: () => number,
): StoredRollup {
  const at = new Date(startMs);
  const busy = 0.6 - 0.4 * Math.cos((2 * Math.PI * (at.getUTCHours() - 2)) / 24);
  const weekend = at.getUTCDay() % 6 === 0 ? 0.5 : 1;
  const calls = Math.max(1, Math.round(callsPerHour * busy * weekend * (0.9 + 0.2 * random())));
  const durations = Float64Array.from({ length: calls }, () => {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return Math.round(1_000 * medianMs(day) * Math.exp(0.5 * normal)) / 1_000;
  }).sort();
  const failures = durations.reduce((sum) => sum + (random() < failShare(day) ? 1 : 0), 0);
  return {
    startMs,
    series: { server, kind: 'tool', name: tool },
    scope: 'series',
    outcomes: [calls - failures, failures, 0, 0, 0, 0, 0],
    sumMs: durations.reduce((sum, ms) => sum + ms, 0),
    minMs: durations[0]!,
    maxMs: durations.at(-1)!,
    digest: Digest.ofSorted(durations).toBytes(),
  };
}

function mergedRow(rows: readonly StoredRollup[], scope: 'server' | 'all'): StoredRollup {
  const sum = (of: (row: StoredRollup) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    startMs: rows[0]!.startMs,
    series: { server: scope === 'all' ? '' : rows[0]!.series.server, kind: 'tool', name: '' },
    scope,
    outcomes: [sum(({ outcomes }) => outcomes[0]), sum(({ outcomes }) => outcomes[1]), 0, 0, 0, 0, 0],
    sumMs: sum(({ sumMs }) => sumMs),
    minMs: Math.min(...rows.map(({ minMs }) => minMs)),
    maxMs: Math.max(...rows.map(({ maxMs }) => maxMs)),
    digest: Digest.merge(rows.map(({ digest }) => Digest.fromBytes(digest))).toBytes(),
  };
}

function resourcesOf(server: string, startMs: number, memoryPercent: number): StoredResources {
  return {
    server,
    instance: '',
    startMs,
    minutes: 60,
    samples: 60,
    cpuPercentAvg: 22,
    cpuPercentMax: 41,
    memoryMbAvg: 10 * memoryPercent,
    memoryMbMax: 10.2 * memoryPercent,
    memoryPercentAvg: memoryPercent,
    memoryPercentMax: 1.02 * memoryPercent,
    diskIoKb: 100,
    eventLoopDelayMsAvg: 1,
    eventLoopDelayMsMax: 4,
  };
}
