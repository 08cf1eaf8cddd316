/** Differences in words, the same wherever something is compared. */
import type { MetricChange, Trend } from '../../model/report.ts';
import { subject } from '../names.ts';
import { count, milliseconds, percent } from '../numbers.ts';

const METRIC: Record<Trend['metric'] | MetricChange['metric'], [name: string, format: (value: number) => string]> = {
  response_time: ['p95', milliseconds],
  error_rate: ['error rate', percent],
  calls: ['calls', count],
  p50: ['p50', milliseconds],
  p95: ['p95', milliseconds],
  p99: ['p99', milliseconds],
};

/** E.g. `+12 %`. */
export function changeText({ before, after, changePercent }: Omit<MetricChange, 'metric'>): string {
  if (after === before) return '0 %';
  return changePercent === null ? 'new' : signedPercent(changePercent);
}

/** More digits of a difference are noise. */
export function signedPercent(value: number): string {
  const rounded = Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return `${rounded > 0 ? '+' : ''}${percent(rounded)}`;
}

export const TREND_HEAD = ['Subject', 'Metric', 'Before', 'After', 'Change', 'Direction'] as const;

export function trendRow({ server, tool, metric, direction, ...values }: Trend): string[] {
  const [name, format] = METRIC[metric];
  return [subject(server, tool), name, format(values.before), format(values.after), changeText(values), direction];
}

export function changeRow({ metric, ...values }: MetricChange): string[] {
  const [name, format] = METRIC[metric];
  return [name, format(values.before), format(values.after), changeText(values)];
}
