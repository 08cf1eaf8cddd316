/**
 * Every setting of the SDK in one table: where it comes from, its default and its check. What the code passes wins over
 * the environment, except that `MCP_VITALS=off` always wins, so that an operator can switch monitoring off. A value
 * that does not pass its check is reported once and the default is used: monitoring never stops a server from starting.
 */
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { WORKSPACE_NAME } from '@mcp-vitals/wire/encode';
import { CONTROLS_EXPECTED, type ControlOptions, type Permissions, readPermissions } from './controlOptions.ts';
import { parseEndpoint } from './endpoint.ts';
import {
  METRICS_ADDRESS_EXPECTED,
  type MetricsAddress,
  type PrometheusOptions,
  readMetricsAddress,
} from './metricsOptions.ts';

/** Settings of `withMonitoring`. All are optional; times are in milliseconds. */
export interface MonitoringOptions {
  /** `false` makes `withMonitoring` do nothing. */
  enabled?: boolean | undefined;
  /** Where the collector listens: `http://host:port`, `https://host:port` or `unix:/path`. Found by itself when absent. */
  endpoint?: string | undefined;
  /** Ingest token. Read from `tokens/ingest` in the data directory when absent. */
  token?: string | undefined;
  /** Data directory shared with a local collector: its socket, the token and the spool. */
  dataDir?: string | undefined;
  /** Name the server is monitored under. Its own name when absent. */
  serverName?: string | undefined;
  /** Version the server is monitored under. Its own version when absent. */
  serverVersion?: string | undefined;
  /** What the servers of this process belong to in a collector that several teams share. */
  workspace?: string | undefined;
  /** Send messages of errors too, scrubbed and shortened to 500 characters. */
  errorMessages?: boolean | undefined;
  /** Which requests are timed: all, or tool calls only. */
  requests?: 'all' | 'tools' | undefined;
  /** Measure the size of tools' results, by writing each as JSON once more. */
  resultBytes?: boolean | undefined;
  /** A call that took this long or longer counts as a time-out. */
  deadlineMs?: number | undefined;
  /** Width of a window. */
  windowMs?: number | undefined;
  /** A batch leaves this often while there is something to send. */
  batchIntervalMs?: number | undefined;
  /** An idle process reports this often. */
  heartbeatMs?: number | undefined;
  /** Series per server; further tools are counted in `__other__`. */
  maxSeries?: number | undefined;
  /** Batches kept in memory while the collector is away; older ones go to the spool. */
  maxQueuedBatches?: number | undefined;
  /** Serve Prometheus metrics from this process, with or without a collector; needs the package prom-client. */
  prometheus?: PrometheusOptions | false | undefined;
  /** What the collector may do to this server's calls. Nothing when absent; never from the environment. */
  controls?: ControlOptions | undefined;
}

type Defaulted =
  | 'enabled'
  | 'dataDir'
  | 'errorMessages'
  | 'requests'
  | 'resultBytes'
  | 'windowMs'
  | 'batchIntervalMs'
  | 'heartbeatMs'
  | 'maxSeries'
  | 'maxQueuedBatches';

/** `MonitoringOptions` with defaults filled in. */
export type ResolvedOptions = {
  [Key in Exclude<keyof MonitoringOptions, 'prometheus' | 'controls'>]-?: Key extends Defaulted
    ? NonNullable<MonitoringOptions[Key]>
    : MonitoringOptions[Key];
} & { prometheus: MetricsAddress | false; controls: Permissions | undefined };

interface Setting {
  /** Undefined for what only code may say. */
  env: string | undefined;
  default: unknown;
  /** What a valid value is, to complete "expected ...". */
  expected: string;
  /** The value in its type, or undefined when it is not valid. Text comes from the environment. */
  read(value: unknown): unknown;
}

/** The table. `docs/sdk.md` lists the same and a test compares them. */
export const SETTINGS: Readonly<Record<keyof MonitoringOptions, Setting>> = {
  enabled: { env: 'MCP_VITALS', default: true, ...flag() },
  endpoint: { env: 'MCP_VITALS_URL', default: undefined, ...endpoint() },
  token: { env: 'MCP_VITALS_TOKEN', default: undefined, ...text() },
  dataDir: { env: 'MCP_VITALS_DATA', default: join(homeDir(), '.performance-data'), ...text() },
  serverName: { env: 'MCP_VITALS_SERVER_NAME', default: undefined, ...text() },
  serverVersion: { env: 'MCP_VITALS_SERVER_VERSION', default: undefined, ...text() },
  workspace: { env: 'MCP_VITALS_WORKSPACE', default: undefined, ...workspaceName() },
  errorMessages: { env: 'MCP_VITALS_ERROR_MESSAGES', default: false, ...flag() },
  requests: { env: 'MCP_VITALS_REQUESTS', default: 'all', ...oneOf('all', 'tools') },
  resultBytes: { env: 'MCP_VITALS_RESULT_BYTES', default: false, ...flag() },
  deadlineMs: { env: 'MCP_VITALS_DEADLINE_MS', default: undefined, ...integer(1, 86_400_000) },
  windowMs: { env: 'MCP_VITALS_WINDOW_MS', default: 1_000, ...integer(10, 60_000) },
  batchIntervalMs: { env: 'MCP_VITALS_BATCH_INTERVAL_MS', default: 1_000, ...integer(10, 60_000) },
  heartbeatMs: { env: 'MCP_VITALS_HEARTBEAT_MS', default: 60_000, ...integer(100, 3_600_000) },
  maxSeries: { env: 'MCP_VITALS_MAX_SERIES', default: 1_000, ...integer(1, 10_000) },
  maxQueuedBatches: { env: 'MCP_VITALS_MAX_QUEUED_BATCHES', default: 120, ...integer(2, 10_000) },
  prometheus: {
    env: 'MCP_VITALS_PROMETHEUS_PORT',
    default: false,
    expected: METRICS_ADDRESS_EXPECTED,
    read: readMetricsAddress,
  },
  controls: { env: undefined, default: undefined, expected: CONTROLS_EXPECTED, read: readPermissions },
};

/** A user of a container may have no home, and Node throws then. */
function homeDir(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}

/** The defaults alone. */
export const DEFAULT_OPTIONS: ResolvedOptions = resolveOptions({}, {}, () => {});

/**
 * Options, environment and defaults put together.
 * @param warn is told of each value that is not valid, once per setting.
 */
export function resolveOptions(
  options: MonitoringOptions,
  env: NodeJS.ProcessEnv,
  warn: (kind: string, message: string) => void,
): ResolvedOptions {
  const resolved: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const fromCode: unknown = options[key as keyof MonitoringOptions];
    const fromEnv = setting.env === undefined ? undefined : env[setting.env] || undefined;
    const [source, value] = fromCode === undefined ? [setting.env, fromEnv] : [`option ${key}`, fromCode];
    const valid = value === undefined ? setting.default : setting.read(value);
    if (valid === undefined && value !== undefined) {
      warn(`setting ${key}`, `${source} is not valid, expected ${setting.expected}; using the default`);
    }
    resolved[key] = valid ?? setting.default;
  }
  if (isSwitchedOff(env)) resolved.enabled = false;
  return resolved as ResolvedOptions;
}

/** Whether the operator switched monitoring off; asked before anything else is done. */
export function isSwitchedOff(env: NodeJS.ProcessEnv): boolean {
  const value = env.MCP_VITALS;
  return value !== undefined && flag().read(value) === false;
}

function flag(): Pick<Setting, 'expected' | 'read'> {
  const words = new Map([
    ...['on', 'true', '1', 'yes'].map((word) => [word, true] as const),
    ...['off', 'false', '0', 'no'].map((word) => [word, false] as const),
  ]);
  return {
    expected: 'on or off',
    read: (value) => (typeof value === 'boolean' ? value : words.get(String(value).trim().toLowerCase())),
  };
}

function text(): Pick<Setting, 'expected' | 'read'> {
  return {
    expected: 'text',
    read: (value) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined),
  };
}

function workspaceName(): Pick<Setting, 'expected' | 'read'> {
  return {
    expected: 'up to 39 lower-case letters, digits and dashes',
    read: (value) => (typeof value === 'string' && WORKSPACE_NAME.test(value.trim()) ? value.trim() : undefined),
  };
}

function oneOf(...words: readonly string[]): Pick<Setting, 'expected' | 'read'> {
  return {
    expected: words.join(' or '),
    read: (value) => words.find((word) => word === value),
  };
}

function endpoint(): Pick<Setting, 'expected' | 'read'> {
  return {
    expected: 'http://host:port, https://host:port or unix:/path',
    read: (value) => (typeof value === 'string' && parseEndpoint(value.trim()) ? value.trim() : undefined),
  };
}

function integer(min: number, max: number): Pick<Setting, 'expected' | 'read'> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    read(value) {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return Number.isInteger(number) && (number as number) >= min && (number as number) <= max ? number : undefined;
    },
  };
}
