/** Public names of `@mcp-vitals/sdk`. */
export type { Counters } from './diagnostics.ts';
export type { MonitorStatus } from './monitor.ts';
export type { MonitoringOptions } from './options.ts';
export { getMonitor, withMonitoring } from './withMonitoring.ts';
