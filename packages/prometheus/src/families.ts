/**
 * The metrics that mcp-vitals exposes, as data: what `/metrics` shows, and what the generated dashboards and rules may
 * ask for. Names follow https://prometheus.io/docs/practices/naming/; durations are in seconds, sizes in bytes.
 */

export type FamilyType = 'counter' | 'gauge' | 'histogram' | 'summary';

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: FamilyType;
  /** Without those that the type itself brings (`le`, `quantile`). */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, without +Inf. */
  readonly buckets?: readonly number[];
}

/** Seconds. */
const TOOL_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const DATABASE_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
const HTTP_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
/** The boundaries that OpenTelemetry's conventions for MCP advise. */
const OPERATION_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
/** Bytes: 256 to 4 MiB. */
const SIZE_BUCKETS = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];

/** Quantiles of the summaries. */
export const SUMMARY_QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

const counter = (name: string, help: string, labels: readonly string[]): Family => ({
  name,
  help,
  type: 'counter',
  labels,
});
const gauge = (name: string, help: string, labels: readonly string[]): Family => ({
  name,
  help,
  type: 'gauge',
  labels,
});
const histogram = (name: string, help: string, labels: readonly string[], buckets: readonly number[]): Family => ({
  name,
  help,
  type: 'histogram',
  labels,
  buckets,
});

/** What is known of monitored servers, wherever it is exposed: by the collector or by the server itself. */
export const SERVER_FAMILIES = {
  toolRequests: counter('mcp_tool_requests_total', 'Tool calls, by whether they succeeded', [
    'server',
    'tool',
    'status',
  ]),
  toolDuration: histogram(
    'mcp_tool_request_duration_seconds',
    'Duration of tool calls',
    ['server', 'tool'],
    TOOL_BUCKETS,
  ),
  toolDurationQuantiles: {
    name: 'mcp_tool_request_duration_quantiles_seconds',
    help: 'Quantiles of the duration of tool calls over the last minutes, straight from the t-digest',
    type: 'summary',
    labels: ['server', 'tool'],
  },
  toolOtherOutcomes: counter(
    'mcp_tool_other_outcomes_total',
    'Tool calls that are neither success nor error: cancelled, input_required, task_created',
    ['server', 'tool', 'outcome'],
  ),
  toolInFlight: gauge('mcp_tool_requests_in_flight', 'Tool calls that have started and not ended', ['server', 'tool']),
  toolWait: histogram(
    'mcp_tool_wait_duration_seconds',
    "Part of a tool's call that was spent waiting for the client's answer",
    ['server', 'tool'],
    TOOL_BUCKETS,
  ),
  toolResultSize: histogram(
    'mcp_tool_result_size_bytes',
    "Size of tools' results, where the server measures it",
    ['server', 'tool'],
    SIZE_BUCKETS,
  ),
  errors: counter('mcp_errors_total', 'Failed tool calls, by class of the error', ['server', 'tool', 'error_type']),
  timeouts: counter('mcp_timeout_total', 'Tool calls that timed out', ['server', 'tool']),
  operationDuration: histogram(
    'mcp_server_operation_duration_seconds',
    'Duration of MCP requests as the receiver sees them (OpenTelemetry: mcp.server.operation.duration)',
    ['server', 'mcp_method_name', 'gen_ai_operation_name', 'gen_ai_tool_name', 'gen_ai_prompt_name'],
    OPERATION_BUCKETS,
  ),
  memoryUsage: gauge(
    'mcp_memory_usage_bytes',
    'Memory of all processes of the server: rss, heap_used, heap_total, external',
    ['server', 'type'],
  ),
  memoryUsageRatio: gauge(
    'mcp_memory_usage_ratio',
    'Resident memory as a share of the limit, 0 to 1, of the process that is nearest to it',
    ['server'],
  ),
  cpuUsageRatio: gauge('mcp_cpu_usage_ratio', 'CPU in use by all processes of the server; 1 is one core', ['server']),
  diskIo: counter('mcp_disk_io_bytes_total', 'Disk reads and writes', ['server']),
  eventLoopDelay: gauge('mcp_event_loop_delay_seconds', 'Mean delay of the event loop, of the slowest process', [
    'server',
  ]),
  activeConnections: gauge('mcp_active_connections', 'Open connections, as the server counts them', ['server', 'type']),
  cacheHits: counter('mcp_cache_hits_total', 'Cache hits', ['server', 'cache']),
  cacheMisses: counter('mcp_cache_misses_total', 'Cache misses', ['server', 'cache']),
  databaseQueries: counter('mcp_database_queries_total', 'Database queries', ['server', 'query_type']),
  databaseDuration: histogram(
    'mcp_database_query_duration_seconds',
    'Duration of database queries',
    ['server', 'query_type'],
    DATABASE_BUCKETS,
  ),
  droppedSamples: counter('mcp_dropped_samples_total', 'Samples that the SDK lost, by reason', ['server', 'reason']),
} as const satisfies Record<string, Family>;

/** What only the collector knows. */
export const COLLECTOR_FAMILIES = {
  up: gauge('up', '1 while a server reports, 0 once it has been silent for two minutes', ['server']),
  serverInfo: gauge('mcp_server_info', 'Always 1; the version that reported last', ['server', 'version']),
  serverInstances: gauge('mcp_server_instances', 'Processes of a server that report', ['server']),
  serverStart: gauge(
    'mcp_server_start_time_seconds',
    'When the oldest reporting process of a server was first seen; not before the start of the collector',
    ['server'],
  ),
  serverLastSeen: gauge('mcp_server_last_seen_timestamp_seconds', 'When a server reported last', ['server']),
  healthScore: gauge('mcp_health_score', 'Health of a server over the last hour, 0 to 100', ['server']),
  alerts: gauge('mcp_alerts', 'Alerts that are not resolved', ['server', 'severity', 'status']),
  alertFiring: gauge('mcp_alert_firing', '1 for each tool or server whose alert condition holds now', [
    'server',
    'tool',
    'severity',
    'condition',
  ]),
  anomalies: gauge('mcp_anomalies', 'Anomalies found within the last hour', ['server', 'type', 'severity']),
  objectiveBudgetLeft: gauge('mcp_objective_budget_left_ratio', 'Error budget left of an objective; 1 is all of it', [
    'server',
    'objective',
  ]),
  objectiveBurnRate: gauge(
    'mcp_objective_burn_rate',
    'How many times as fast as it may the error budget is used, by window',
    ['server', 'objective', 'window'],
  ),
  httpDuration: histogram(
    'http_request_duration_seconds',
    'Duration of requests to the collector, by method, route and status',
    ['method', 'route', 'status'],
    HTTP_BUCKETS,
  ),
  batches: counter('mcp_collector_batches_total', 'Batches that arrived, by what became of them', ['result']),
  seriesLimited: counter(
    'mcp_collector_limited_series_total',
    'Windows that were counted under __other__, or not shown, because there are more series than prometheus.maxSeries',
    [],
  ),
} as const satisfies Record<string, Family>;

/** Before the names of the process metrics that prom-client collects by itself. */
export const PROCESS_METRICS_PREFIX = 'mcp_';
