/** What was noticed, and what people were told of. */
import type { Anomaly } from '../../model/anomaly.ts';
import type { Report } from '../../model/report.ts';
import { code, subject } from '../names.ts';
import { dateTime, span } from '../numbers.ts';
import { type Block, paragraph, table } from './block.ts';
import { incidents } from './executive.ts';

export function anomalies(found: readonly Anomaly[]): Block[] {
  const rows = [...found]
    .sort((a, b) => b.atMs - a.atMs)
    .map((anomaly) => [
      dateTime(anomaly.atMs),
      subject(anomaly.server, anomaly.tool),
      anomaly.type.replaceAll('_', ' '),
      anomaly.severity,
      value(anomaly.currentValue),
      code(anomaly.expectedRange),
      anomaly.method,
    ]);
  return table(['Time (UTC)', 'Subject', 'Anomaly', 'Severity', 'Value', 'Expected', 'Method'], rows, 'None.');
}

export function alerts(report: Report): Block[] {
  const rows = report.alerts.map((alert) => [
    alert.alertId,
    dateTime(alert.createdAtMs),
    subject(alert.server, alert.tool),
    alert.severity,
    code(alert.condition),
    value(alert.currentValue),
    alert.status,
    span((alert.clearedAtMs ?? alert.resolvedAtMs ?? report.atMs) - alert.createdAtMs),
  ]);
  const head = ['Alert', 'Time (UTC)', 'Subject', 'Severity', 'Condition', 'Value', 'Status', 'Lasted'];
  return [...(rows.length === 0 ? [] : [paragraph(incidents(report))]), ...table(head, rows, 'None.')];
}

function value(of: number): string {
  return code(String(Number(of.toPrecision(4))));
}
