/** A real store in a directory of its own, with a clock that the test moves, and calls put in as a batch brings them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, ErrorSample, OutcomeCounts, ResourceSample, SeriesKind, Window } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { createAuditLog } from '../audit/auditLog.ts';
import type { Clock } from '../clock.ts';
import { type Config, type ConfigInput, configSchema } from '../config/schema.ts';
import type { Alert } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import { WHOLE_SHARE, type WorkShare } from '../model/workShare.ts';
import type { Audit } from '../serve/ports/audit.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import type { Store } from '../store/store.ts';

export interface TestCalls {
  server: string;
  tool: string;
  /** Default: `tool`; `tool` is the name of the series then. */
  kind?: SeriesKind;
  /** When the window ended; must lie within one minute. */
  atMs: number;
  durationsMs: readonly number[];
  /** Of these, how many failed. */
  failures?: number;
  errors?: ErrorSample[];
}

export interface FilledStore {
  store: Store;
  audit: Audit;
  /** All of it. */
  share: WorkShare;
  config: Config;
  clock: Clock & { nowMs(): number; advance(ms: number): void };
  record(
    calls: readonly TestCalls[],
    more?: Partial<Pick<Batch, 'resources' | 'inFlight' | 'dropped'>> & { version?: string; host?: string },
  ): Promise<void>;
  close(): Promise<void>;
}

export function manualClock(startMs: number): FilledStore['clock'] {
  let nowMs = startMs;
  const never = () => () => {};
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    every: never,
    after: never,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

function windowOf(servers: readonly string[], calls: TestCalls): Window {
  const { server, tool, kind = 'tool', atMs, durationsMs, failures = 0, errors } = calls;
  const outcomes: OutcomeCounts = [durationsMs.length - failures, failures, 0, 0, 0, 0, 0];
  return {
    server: servers.indexOf(server),
    kind,
    name: tool,
    startMs: atMs,
    endMs: atMs,
    outcomes,
    digest: Digest.ofSorted(Float64Array.from(durationsMs).sort()),
    ...(errors && { errors }),
  };
}

export async function openFilledStore(nowMs: number, settings: Partial<ConfigInput> = {}): Promise<FilledStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vitals-store-'));
  const config = configSchema.parse({ dataDir, ...settings });
  const clock = manualClock(nowMs);
  const store = await openSqliteStore({ dataDir, config, clock, ballastBytes: 0 });
  let seq = 0;
  return {
    store,
    audit: createAuditLog({ store, clock }),
    share: WHOLE_SHARE,
    config,
    clock,
    async record(calls, { resources = [], inFlight = [], dropped = {}, version = '1.2.3', host = 'test' } = {}) {
      const servers = [...new Set(calls.map(({ server }) => server))];
      const batch: Batch = {
        v: 1,
        instance: `${servers.join(', ')} on ${host}`,
        seq: ++seq,
        process: { host, pid: 1, runtime: 'node', sdk: 'test' },
        servers: servers.map((name) => ({ name, version })),
        windows: calls.map((entry) => windowOf(servers, entry)),
        resources,
        inFlight,
        dropped,
      };
      await store.append({ batch, body: encodeBatch(batch), receivedAtMs: clock.nowMs(), skewMs: 0 });
    },
    async close() {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function testResources(atMs: number, values: Partial<ResourceSample> = {}): ResourceSample {
  return { atMs, cpuPercent: 10, memoryMb: 100, memoryPercent: 5, diskIoKb: 0, eventLoopDelayMs: 0, ...values };
}

export function testAlert(values: Partial<Alert>): Alert {
  return {
    alertId: 'alert-20251031-001',
    fingerprint: 'f',
    createdAtMs: 0,
    activeFromMs: 0,
    server: 'files',
    tool: 'read',
    severity: 'critical',
    condition: 'error_rate > 5%',
    anomalyId: null,
    deploy: null,
    isTold: true,
    evidence: [],
    currentValue: 7.5,
    threshold: 5,
    status: 'active',
    acknowledgedBy: null,
    acknowledgedAtMs: null,
    notes: null,
    escalatedAtMs: null,
    clearedAtMs: null,
    resolvedAtMs: null,
    lastBreachAtMs: 0,
    repeats: 0,
    feedback: null,
    revision: 1,
    ...values,
  };
}

export function testAnomaly(values: Partial<Anomaly>): Anomaly {
  return {
    atMs: 0,
    server: 'files',
    tool: 'read',
    type: 'response_time_spike',
    severity: 'warning',
    currentValue: 5000,
    expectedRange: '100-500',
    expectedMax: 500,
    deviation: '10x expected',
    confidence: 0.95,
    method: 'z-score',
    recommendations: ['Look.'],
    ...values,
  };
}

/** Start of the minute `minutes` before a time. */
export function minutesBefore(atMs: number, minutes: number): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS - minutes * MINUTE_MS;
}
