/**
 * Serves this process's metrics. What it takes is loaded only where that is wanted; what is recorded until then is kept,
 * so that the first scrape shows every call since the start.
 */
import type { BatchContent } from './batch/batcher.ts';
import type { MetricsAddress } from './metricsOptions.ts';
import type { Monitor } from './monitor.ts';
import { type ProcessUsage, ResourceUsage } from './resource/usage.ts';

/** Never throws, and fails with a line on stderr. */
export function serveMetrics(monitor: Monitor, address: MetricsAddress, usage: ProcessUsage | undefined): void {
  const sealed: [BatchContent, number][] = [];
  // One of its own: each reading counts from the one before, and those of batches must not be shortened.
  const resources = new ResourceUsage(monitor.clock, usage);
  monitor.onSealed = (...args) => void sealed.push(args);
  void import('./prometheus/start.ts')
    .then(({ startMetrics }) => startMetrics(monitor, address, resources))
    .then((onSealed) => {
      for (const args of sealed) onSealed(...args);
      monitor.onSealed = onSealed;
    })
    .catch((error: unknown) => {
      monitor.onSealed = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      monitor.diagnostics.warnOnce('prometheus', `metrics are not served: ${reason}`);
    });
}
