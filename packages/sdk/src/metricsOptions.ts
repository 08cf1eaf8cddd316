/** The setting `prometheus`: where this process serves its own metrics. */

/** Where Prometheus finds the metrics of this process. */
export interface PrometheusOptions {
  /** 0 for any free one, which `status.metricsUrl` tells. */
  port: number;
  /** Address to listen on. Default: 127.0.0.1, which only this machine reaches. */
  host?: string | undefined;
  /** Default: /metrics. */
  path?: string | undefined;
  /** Names besides localhost and `host` that requests may come by, where others are to reach it. */
  allowedHosts?: readonly string[] | undefined;
}

/** `PrometheusOptions` with defaults filled in. */
export interface MetricsAddress {
  port: number;
  host: string;
  path: string;
  allowedHosts: readonly string[];
}

export const METRICS_ADDRESS_EXPECTED = 'a port, or { port, host, path, allowedHosts } as described in docs/sdk.md';

/** False for off; undefined for what is not valid. A text is a port. */
export function readMetricsAddress(value: unknown): MetricsAddress | false | undefined {
  if (value === false) return false;
  if (typeof value === 'string') return /^\s*\d{1,5}\s*$/.test(value) ? addressOf({ port: Number(value) }) : undefined;
  return typeof value === 'object' && value !== null ? addressOf(value) : undefined;
}

function addressOf(given: { [Key in keyof PrometheusOptions]?: unknown }): MetricsAddress | undefined {
  const { port, host = '127.0.0.1', path = '/metrics', allowedHosts = [] } = given;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535) return undefined;
  if (typeof host !== 'string' || host.trim() === '') return undefined;
  if (typeof path !== 'string' || !/^\/[^?#\s]*$/.test(path)) return undefined;
  if (!Array.isArray(allowedHosts) || !allowedHosts.every((name) => typeof name === 'string')) return undefined;
  return { port, host: host.trim(), path, allowedHosts: allowedHosts.map((name: string) => name.toLowerCase()) };
}
