/** What is said of a server, in the order in which it stands; what has the greater priority goes first when it is narrow. */
import { sparkline } from '../terminal/bars.ts';
import { age, count, duration, percent, rate } from '../terminal/figures.ts';
import type { Style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';
import { shownName } from '../terminal/width.ts';
import type { ServerRow } from './rowSets.ts';

export const HEALTH_STYLE: Readonly<Record<ServerRow['status'], Style>> = {
  healthy: 'green',
  degraded: 'yellow',
  critical: 'red',
};

/** The least errors that are worth a colour, and what makes it red: the thresholds that a collector has from the start. */
const WARNING_PERCENT = 1;
const CRITICAL_PERCENT = 5;

export function errorStyle({ errorRatePercent }: { errorRatePercent: number }): Style | undefined {
  if (errorRatePercent > CRITICAL_PERCENT) return 'red';
  return errorRatePercent > WARNING_PERCENT ? 'yellow' : undefined;
}

const ifCalled = ({ calls }: ServerRow, text: string) => (calls === 0 ? '-' : text);

/** @param nowMs by the clock of the collector */
export function serverColumns(nowMs: number): Column<ServerRow>[] {
  return [
    { title: 'SERVER', min: 14, max: 48, priority: 0, cell: ({ name }) => shownName(name) },
    { title: 'VERSION', min: 8, max: 16, priority: 8, cell: ({ version }) => shownName(version) },
    {
      title: 'HEALTH',
      min: 12,
      priority: 1,
      cell: ({ healthScore, status }) => `${String(healthScore).padStart(3)} ${shownName(status)}`,
      style: ({ status }) => HEALTH_STYLE[status],
    },
    { title: 'CALLS/MIN', ...number(9, 3), cell: ({ callsPerMinute }) => rate(callsPerMinute) },
    { title: 'CALLS', ...number(7, 9), cell: ({ calls }) => count(calls) },
    {
      title: 'ERRORS',
      ...number(7, 2),
      cell: (row) => ifCalled(row, percent(row.errorRatePercent)),
      style: errorStyle,
    },
    { title: 'AVG', ...number(8, 10), cell: (row) => ifCalled(row, duration(row.avgResponseTimeMs)) },
    { title: 'P95', ...number(8, 4), cell: (row) => ifCalled(row, duration(row.p95Ms)) },
    {
      title: 'ALERTS',
      ...number(6, 5),
      cell: ({ activeAlerts }) => (activeAlerts === 0 ? '-' : count(activeAlerts)),
      style: ({ activeAlerts }) => (activeAlerts === 0 ? 'dim' : 'red'),
    },
    { title: 'RUNNING', ...number(7, 11), cell: ({ liveInstances }) => count(liveInstances) },
    { title: 'SEEN', ...number(6, 7), cell: ({ lastSeenAt }) => age(nowMs - Date.parse(lastSeenAt)) },
    {
      title: 'LAST HOUR',
      min: 14,
      max: 60,
      priority: 6,
      isPicture: true,
      cell: ({ spark }, width) => sparkline(spark.calls, width),
      style: () => 'cyan',
    },
  ];
}

function number(min: number, priority: number) {
  return { align: 'right', min, priority } as const;
}
