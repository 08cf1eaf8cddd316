/** The last hour in six numbers. */
import type { Overview } from '../../api/client.ts';
import { Figures } from '../../components/Figures.tsx';
import { formatCount, formatMs, formatNumber, formatPercent } from '../../format/numbers.ts';

export function KeyFigures({ now }: { now: Overview }) {
  const { totals } = now;
  const running = now.servers.filter(({ liveInstances }) => liveInstances > 0).length;
  const figures: [string, string, string][] = [
    ['Calls per minute', formatNumber(now.callsPerMinute), `${formatCount(totals.calls)} in the last hour`],
    [
      'Errors',
      totals.calls === 0 ? '–' : formatPercent(totals.errorRatePercent),
      `${formatCount(totals.errors)} calls failed`,
    ],
    ['Typical call (p50)', totals.calls === 0 ? '–' : formatMs(totals.p50Ms), `mean ${formatMs(totals.avgMs)}`],
    ['Slow calls (p95)', totals.calls === 0 ? '–' : formatMs(totals.p95Ms), `p99 ${formatMs(totals.p99Ms)}`],
    ['Alerts firing', formatCount(now.firingAlerts), `${formatCount(now.activeAlerts)} not resolved`],
    ['Servers running', formatCount(running), `of ${formatCount(now.servers.length)} known`],
  ];
  return <Figures figures={figures} />;
}
