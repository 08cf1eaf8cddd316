/** Public names of `@mcp-vitals/sdk`. */
export type { PolicyInForce } from './control/serverControls.ts';
export type { ControlOptions } from './controlOptions.ts';
export { type CreateMonitorOptions, createMonitor } from './createMonitor.ts';
export type { Counters } from './diagnostics.ts';
export { outcomeOfAnswer, outcomeOfCancel, outcomeOfError } from './instrument/outcome.ts';
export { schemeOf } from './instrument/seriesNames.ts';
export type { PrometheusOptions } from './metricsOptions.ts';
export type { MonitorStatus } from './monitor.ts';
export type { MonitoringOptions } from './options.ts';
export type { ProcessUsage, UsageReading } from './resource/usage.ts';
export type {
  CacheMetrics,
  CallBegin,
  CallEnd,
  CallInProgress,
  CallKind,
  ConnectionMetrics,
  ServerMonitor,
} from './serverMonitor.ts';
export { getMonitor, withMonitoring } from './withMonitoring.ts';
