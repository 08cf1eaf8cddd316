/**
 * Calls that are reported one by one (`track_performance`) become batches like those of an SDK: this process is one
 * more instance with its own sequence numbers, so that what is sent twice is counted once. Calls that arrive together
 * share a batch, which is what makes ten thousand durable calls a second cheap.
 */
import { randomBytes } from 'node:crypto';
import { hostname, totalmem } from 'node:os';
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, OutcomeCounts, ResourceSample, ServerIdentity, Window } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import { groupBy } from '../model/groupBy.ts';
import { DEFAULT_WORKSPACE, splitName } from '../model/workspace.ts';
import type { TrackedCall, TrackedResult } from '../serve/ports/tracking.ts';

export interface TrackerDeps {
  clock: Pick<Clock, 'nowMs' | 'after'>;
  /** E.g. `@mcp-vitals/collector 1.0.0`. */
  software: string;
  /** Resolves once durable, here or in the daemon. */
  append(batch: Batch, body: Uint8Array): Promise<unknown>;
  /** Told of what could not be stored. */
  onError(error: unknown): void;
}

export interface Tracker {
  track(call: TrackedCall): Promise<TrackedResult>;
  /** Sends what is waiting; resolves when all that was tracked is settled. */
  drain(): Promise<void>;
}

interface Pending {
  call: TrackedCall;
  atMs: number;
  resolve(result: TrackedResult): void;
  reject(error: unknown): void;
}

const MAX_CALLS_PER_BATCH = 100;
/** How long the first call of a batch waits for others. Pipelined calls arrive within one turn of the event loop. */
const MAX_WAIT_MS = 1;
/** Keeps the newest failures of a window, as an SDK does. */
const MAX_ERRORS_PER_WINDOW = 20;
const BYTES_PER_MB = 1_048_576;

function identityOf(server: string): ServerIdentity {
  const { workspace, name } = splitName(server);
  return workspace === DEFAULT_WORKSPACE ? { name, version: '' } : { name, version: '', workspace };
}

function outcomesOf(calls: readonly Pending[]): OutcomeCounts {
  const failed = calls.reduce((sum, { call }) => sum + (call.success ? 0 : 1), 0);
  return [calls.length - failed, failed, 0, 0, 0, 0, 0];
}

function windowOf(server: number, calls: readonly Pending[]): Window {
  const failures = calls.filter(({ call }) => !call.success).slice(-MAX_ERRORS_PER_WINDOW);
  const durations = Float64Array.from(calls, ({ call }) => call.durationMs).sort();
  const window: Window = {
    server,
    kind: 'tool',
    name: calls[0]!.call.tool,
    startMs: calls[0]!.atMs,
    endMs: calls.at(-1)!.atMs,
    outcomes: outcomesOf(calls),
    digest: Digest.ofSorted(durations),
  };
  if (failures.length > 0) {
    window.errors = failures.map(({ call, atMs }) => ({
      atMs,
      errorClass: 'tool_error',
      code: '',
      ...(call.errorMessage === undefined ? {} : { message: call.errorMessage }),
    }));
  }
  return window;
}

/** The caller knows its share of memory in MB only; the host's memory stands for the limit. */
function resourcesOf(calls: readonly Pending[]): ResourceSample[] {
  return calls.flatMap(({ call, atMs }) =>
    call.resources === undefined
      ? []
      : {
          atMs,
          cpuPercent: call.resources.cpuPercent,
          memoryMb: call.resources.memoryMb,
          memoryPercent: (100 * call.resources.memoryMb * BYTES_PER_MB) / totalmem(),
          diskIoKb: call.resources.diskIoKb,
          eventLoopDelayMs: 0,
        },
  );
}

/** Windows belong to one minute, so calls of two minutes are told apart. */
const seriesKeyOf = ({ call, atMs }: Pending): string =>
  JSON.stringify([call.server, call.tool, Math.floor(atMs / 60_000)]);

/** Resource samples belong to all servers of a batch, so a call that brings one travels with its own server's only. */
const batchKeyOf = ({ call }: Pending): string => (call.resources === undefined ? '' : `=${call.server}`);

export function createTracker({ clock, software, append, onError }: TrackerDeps): Tracker {
  const instance = randomBytes(12).toString('base64url');
  const identity = { host: hostname(), pid: process.pid, runtime: `node ${process.versions.node}`, sdk: software };
  let seq = 0;
  let waiting: Pending[] = [];
  let cancelTimer: (() => void) | undefined;
  const sending = new Set<Promise<void>>();

  function batchOf(calls: readonly Pending[], number: number): Batch {
    const names = [...new Set(calls.map(({ call }) => call.server))];
    return {
      v: 1,
      instance,
      seq: number,
      process: identity,
      servers: names.map(identityOf),
      windows: Array.from(groupBy(calls, seriesKeyOf).values(), (group) =>
        windowOf(names.indexOf(group[0]!.call.server), group),
      ),
      resources: resourcesOf(calls),
      inFlight: [],
      dropped: {},
    };
  }

  async function send(calls: readonly Pending[]): Promise<void> {
    seq += 1;
    const number = seq;
    const settle = (stored: boolean, reason?: string) => {
      for (const [index, { atMs, resolve }] of calls.entries()) {
        resolve({ metricId: `${instance}-${number}-${index}`, atMs, stored, reason });
      }
    };
    try {
      const batch = batchOf(calls, number);
      await append(batch, encodeBatch(batch));
      settle(true);
    } catch (error) {
      onError(error);
      if (error instanceof VitalsError && error.code === 'unavailable') settle(false, error.message);
      else for (const { reject } of calls) reject(error);
    }
  }

  function flush(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    const calls = waiting;
    waiting = [];
    for (const group of groupBy(calls, batchKeyOf).values()) {
      const sent: Promise<void> = send(group).finally(() => sending.delete(sent));
      sending.add(sent);
    }
  }

  return {
    track(call) {
      return new Promise((resolve, reject) => {
        waiting.push({ call, atMs: clock.nowMs(), resolve, reject });
        if (waiting.length >= MAX_CALLS_PER_BATCH) flush();
        else cancelTimer ??= clock.after(MAX_WAIT_MS, flush);
      });
    },
    async drain() {
      flush();
      await Promise.all(sending);
    },
  };
}
