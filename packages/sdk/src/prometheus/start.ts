/** Joins the totals of this process, prom-client's text and the listener. Loaded only where metrics are served. */
import { createExposition } from '@mcp-vitals/prometheus';
import type { MetricsAddress } from '../metricsOptions.ts';
import type { Monitor } from '../monitor.ts';
import type { ResourceUsage } from '../resource/usage.ts';
import { MetricsListener } from './metricsListener.ts';
import { OwnTotals } from './ownTotals.ts';

/**
 * @returns what is to be told of each window that is sealed
 * @throws Error when prom-client is not installed
 */
export async function startMetrics(
  monitor: Monitor,
  address: MetricsAddress,
  resources: ResourceUsage,
): Promise<NonNullable<Monitor['onSealed']>> {
  const { clock, diagnostics } = monitor;
  const totals = new OwnTotals({
    clock,
    takeRecorded: () => monitor.takeRecorded(),
    resources: () => resources.sample(),
    dropped: () => diagnostics.counters.dropped,
  });
  // What prom-client measures is this process, which behind a proxy is not the server's.
  const exposition = await createExposition({
    importPromClient: () => import('prom-client'),
    sources: [() => totals.collect()],
    processMetrics: resources.isOwn,
  });
  const listener = new MetricsListener(address, {
    clock,
    diagnostics,
    render: (accept) => exposition.render(accept),
    onListening: (url) => {
      monitor.metricsUrl = url;
    },
  });
  monitor.onShutdown = () => {
    monitor.metricsUrl = undefined;
    listener.close();
  };
  void listener.listen();
  return (content, eventLoopDelayMs) => {
    try {
      totals.add(content, eventLoopDelayMs);
    } catch (error) {
      // Sending goes on.
      diagnostics.warnOnce('prometheus totals', `a window is missing in the metrics: ${String(error)}`);
    }
  };
}
