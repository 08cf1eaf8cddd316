/** Alerts as a table: of `mcp-vitals alerts` and below that of `mcp-vitals top`. */
import type { AlertAnswer } from '../serve/api/shapes.ts';
import { age, measured } from './terminal/figures.ts';
import type { Style } from './terminal/style.ts';
import type { Column } from './terminal/table.ts';
import { columnsOf, shownName } from './terminal/width.ts';

const SEVERITY_STYLE: Readonly<Record<AlertAnswer['severity'], Style>> = { critical: 'red', warning: 'yellow' };

/** Where there is little room: a number that is cut would be a lie, a shorter word is not. */
const SHORT_METRIC: Readonly<Record<string, string>> = { response_time: 'time', error_rate: 'errors' };

/** @param nowMs by the clock of the collector */
export function alertColumns(nowMs: number): Column<AlertAnswer>[] {
  return [
    {
      title: 'SEVERITY',
      min: 8,
      priority: 0,
      cell: ({ severity }) => shownName(severity),
      style: ({ severity }) => SEVERITY_STYLE[severity],
    },
    { title: 'SUBJECT', min: 15, max: 60, priority: 1, cell: subjectOf },
    { title: 'CONDITION', min: 14, max: 40, priority: 2, cell: conditionOf },
    { title: 'VALUE', align: 'right', min: 7, max: 12, priority: 5, cell: currentOf },
    { title: 'AGE', align: 'right', min: 6, priority: 6, cell: (alert) => age(nowMs - Date.parse(alert.createdAt)) },
    { title: 'STATUS', min: 8, max: 40, priority: 4, cell: statusOf },
    { title: 'ID', min: 18, max: 24, priority: 3, cell: ({ alertId }) => shownName(alertId) },
  ];
}

function subjectOf({ server, tool }: AlertAnswer): string {
  return tool === '' ? shownName(server) : `${shownName(tool)} of ${shownName(server)}`;
}

function conditionOf({ condition }: AlertAnswer, width: number): string {
  const whole = shownName(condition);
  if (columnsOf(whole) <= width) return whole;
  return whole.replace(/^\w+(?= )/, (metric) => SHORT_METRIC[metric] ?? metric);
}

function currentOf({ currentValue, condition }: AlertAnswer): string {
  return measured(currentValue, condition);
}

function statusOf({ status, acknowledgedBy, clearedAt }: AlertAnswer): string {
  if (acknowledgedBy !== null && status === 'acknowledged') return `acknowledged by ${shownName(acknowledgedBy)}`;
  return clearedAt !== null && status === 'active' ? 'clearing' : shownName(status);
}
