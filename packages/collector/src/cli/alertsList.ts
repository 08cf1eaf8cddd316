/** `mcp-vitals alerts list`: what needs somebody, as a table. */
import { systemClock } from '../clock.ts';
import type { AlertAnswer } from '../serve/api/shapes.ts';
import { alertColumns } from './alertsTable.ts';
import type { PrintStyle } from './terminal/output.ts';
import { tableLines } from './terminal/table.ts';

export interface AlertsAnswer {
  alerts: AlertAnswer[];
  nextCursor: string | null;
}

/** All pages as one. */
export async function allAlerts(
  query: Readonly<Record<string, string>>,
  ask: (path: string) => Promise<Record<string, unknown>>,
): Promise<AlertsAnswer> {
  const alerts: AlertAnswer[] = [];
  let cursor: string | null = null;
  do {
    const page = new URLSearchParams({ ...query, limit: '1000', ...(cursor !== null && { cursor }) });
    const answer = (await ask(`/api/v1/alerts?${page}`)) as unknown as AlertsAnswer;
    alerts.push(...answer.alerts);
    cursor = answer.nextCursor;
  } while (cursor !== null);
  return { alerts, nextCursor: null };
}

export function describeAlerts({ alerts }: AlertsAnswer, { available, paint }: PrintStyle): string {
  if (alerts.length === 0) return 'No alerts.';
  const gap = available === undefined || available >= 100 ? 2 : 1;
  return tableLines(alertColumns(systemClock.nowMs()), alerts, { available, paint, gap }).join('\n');
}
