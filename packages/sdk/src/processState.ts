/**
 * What all copies of this package in a process share, kept on `globalThis`: two dependencies may bring two copies, and
 * a server must still be wrapped once and the process report once.
 */
import { Diagnostics } from './diagnostics.ts';
import { flushOnExit } from './exit.ts';
import { Monitor } from './monitor.ts';
import type { MonitoringOptions } from './options.ts';
import { resolveOptions, SETTINGS } from './options.ts';
import { productionDeps } from './productionDeps.ts';
import type { ProcessUsage } from './resource/usage.ts';
import { serveMetrics } from './serveMetrics.ts';
import type { ServerMonitor } from './serverMonitor.ts';

/** The number changes with the shape of what is shared; copies of different shapes then work side by side. */
const KEY = Symbol.for('@mcp-vitals/sdk/process-state/1');

/** These belong to a server; all other settings belong to the process. */
const PER_SERVER: ReadonlySet<string> = new Set(['serverName', 'serverVersion', 'controls']);

interface ProcessState {
  monitor: Monitor | undefined;
  firstOptions: MonitoringOptions;
  /** The monitors of servers, by their handler maps. */
  readonly monitors: WeakMap<object, ServerMonitor>;
  /** That of the first server. */
  first: ServerMonitor | undefined;
  readonly diagnostics: Diagnostics;
}

export function processState(): ProcessState {
  const holder = globalThis as { [KEY]?: ProcessState };
  holder[KEY] ??= {
    monitor: undefined,
    firstOptions: {},
    monitors: new WeakMap(),
    first: undefined,
    diagnostics: new Diagnostics(),
  };
  return holder[KEY];
}

/** The monitor of this process, made at the first call; undefined when monitoring is switched off. */
export function monitorOfProcess(options: MonitoringOptions, usage?: ProcessUsage): Monitor | undefined {
  const state = processState();
  if (state.monitor) {
    warnOfDifference(state, options);
    return state.monitor;
  }
  const ofProcess = { ...options, serverName: undefined, serverVersion: undefined, controls: undefined };
  const resolved = resolveOptions(ofProcess, process.env, (kind, message) => state.diagnostics.warnOnce(kind, message));
  if (!resolved.enabled) return undefined;
  state.firstOptions = options;
  state.monitor = new Monitor(resolved, productionDeps(resolved, state.diagnostics, usage));
  flushOnExit(state.monitor);
  if (resolved.prometheus) serveMetrics(state.monitor, resolved.prometheus, usage);
  return state.monitor;
}

function warnOfDifference({ firstOptions, diagnostics }: ProcessState, options: MonitoringOptions): void {
  if (options === firstOptions) return;
  for (const key of Object.keys(options) as (keyof MonitoringOptions)[]) {
    if (PER_SERVER.has(key) || !(key in SETTINGS) || isSame(options[key], firstOptions[key])) continue;
    diagnostics.warnOnce(
      `difference ${key}`,
      `option ${key} differs from that of the first server, which stays in force`,
    );
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
