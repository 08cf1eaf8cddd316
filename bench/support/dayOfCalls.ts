/** A store that holds a day of a busy installation, filled through the door that batches take. */
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, Window } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { type Clock, systemClock } from '../../packages/collector/src/clock.ts';
import { type Config, configSchema } from '../../packages/collector/src/config/schema.ts';
import { openSqliteStore } from '../../packages/collector/src/store/sqlite/sqliteStore.ts';
import type { Store } from '../../packages/collector/src/store/store.ts';

export const SERVERS = 28;
export const TOOLS_PER_SERVER = 10;
export const CALLS_PER_MINUTE = 20;
export const MINUTES = 24 * 60;

const MINUTE_MS = 60_000;

export interface FilledStore {
  store: Store;
  config: Config;
  clock: Clock;
  /** The day that was filled; it ends now. */
  fromMs: number;
  toMs: number;
  fillSeconds: number;
}

export const serverName = (index: number): string => `server-${String(index).padStart(2, '0')}`;
export const toolName = (index: number): string => `tool_${index}`;

/** The same numbers on every run: a linear congruential generator. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Lognormal durations, each tool with its own median from 5 to 500 ms; one call in two hundred fails. */
function windowOf(random: () => number, server: number, tool: number, startMs: number): Window {
  const medianMs = 5 * 10 ** ((2 * tool) / TOOLS_PER_SERVER);
  const durations = Float64Array.from({ length: CALLS_PER_MINUTE }, () => {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return Math.round(1_000 * medianMs * Math.exp(0.5 * normal)) / 1_000;
  }).sort();
  const failures = durations.reduce((sum) => sum + (random() < 0.005 ? 1 : 0), 0);
  return {
    server,
    kind: 'tool',
    name: toolName(tool),
    startMs,
    endMs: startMs + MINUTE_MS - 1,
    outcomes: [CALLS_PER_MINUTE - failures, failures, 0, 0, 0, 0, 0],
    digest: Digest.ofSorted(durations),
  };
}

function batchOf(random: () => number, seq: number, startMs: number): Batch {
  return {
    v: 1,
    instance: 'bench',
    seq,
    process: { host: 'bench', pid: 1, runtime: 'node', sdk: 'bench' },
    servers: Array.from({ length: SERVERS }, (_, index) => ({ name: serverName(index), version: '1.0.0' })),
    windows: Array.from({ length: SERVERS * TOOLS_PER_SERVER }, (_, index) =>
      windowOf(random, Math.floor(index / TOOLS_PER_SERVER), index % TOOLS_PER_SERVER, startMs),
    ),
    resources: [
      {
        atMs: startMs + MINUTE_MS / 2,
        cpuPercent: 10 + 5 * random(),
        memoryMb: 120 + 4 * random(),
        memoryPercent: 12,
        diskIoKb: 100 * random(),
        eventLoopDelayMs: random(),
      },
    ],
    inFlight: [],
    dropped: {},
  };
}

/** @param open the store to fill; default: the embedded one */
export async function fillDay(
  dataDir: string,
  open: (config: Config, clock: Clock) => Promise<Store> = (config, clock) =>
    openSqliteStore({ dataDir, config, clock }),
): Promise<FilledStore> {
  const config = configSchema.parse({ dataDir });
  const toMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const fromMs = toMs - MINUTES * MINUTE_MS;
  let nowMs = fromMs;
  const clock: Clock = { ...systemClock, nowMs: () => nowMs };
  const store = await open(config, clock);
  const random = randomNumbers(1);
  const startedMs = performance.now();
  for (let minute = 0; minute < MINUTES; minute++) {
    const batch = batchOf(random, minute + 1, fromMs + minute * MINUTE_MS);
    nowMs = fromMs + (minute + 1) * MINUTE_MS;
    await store.append({ batch, body: encodeBatch(batch), receivedAtMs: nowMs, skewMs: 0 });
    await store.closeMinutes(nowMs);
    if (minute % 60 === 0) await store.rollUp(nowMs);
  }
  await store.rollUp(nowMs);
  return { store, config, clock, fromMs, toMs, fillSeconds: (performance.now() - startedMs) / 1000 };
}
