/** Where things are going. */
import type { LastingTrend, LastingTrends, Report } from '../../model/report.ts';
import { HOUR_MS } from '../../model/rollup.ts';
import { subject } from '../names.ts';
import { confidence, dateTime, inUnit, milliseconds, percent } from '../numbers.ts';
import { type Block, heading, paragraph, table } from './block.ts';
import { signedPercent, TREND_HEAD, trendRow } from './change.ts';

type Format = (value: number) => string;

/** Per cent become more or less by points. */
const points: Format = (value) => inUnit(value, 'points');
const plain: Format = (value) => inUnit(value, '');

const METRIC: Record<LastingTrend['metric'], [name: string, format: Format, formatSlope: Format]> = {
  response_time: ['p95', milliseconds, milliseconds],
  error_rate: ['error rate', percent, points],
  calls: ['calls', plain, plain],
  cpu: ['CPU', percent, points],
  memory: ['memory', percent, points],
};

export function trendAnalysis({ trends, lastingTrends }: Report): Block[] {
  return [
    ...(trends.length === 0
      ? []
      : [paragraph('First half of the period against the second; of single tools, those that changed.')]),
    ...table(TREND_HEAD, trends.map(trendRow), 'No calls to compare.'),
    ...lasting(lastingTrends),
  ];
}

function lasting({ fromMs, toMs, method, trends }: LastingTrends): Block[] {
  const head = ['Subject', 'Metric', 'Median', 'Slope per day', 'Per week', 'Confidence', 'Direction'];
  return [
    heading('Trends that last'),
    paragraph(`Looked at: ${dateTime(fromMs)} to ${dateTime(toMs)} UTC. ${method}`),
    ...(trends.length === 0 ? [] : table(head, trends.map(lastingRow), '')),
  ];
}

function lastingRow(trend: LastingTrend): string[] {
  const { server, metric, median, slopePerDay, slopePercentPerDay, confidencePercent, direction } = trend;
  const [name, format, formatSlope] = METRIC[metric];
  const relative = slopePercentPerDay === null ? '' : ` (${signedPercent(slopePercentPerDay)})`;
  return [
    subject(server, ''),
    name,
    format(median),
    `${signed(slopePerDay, formatSlope)}${relative}`,
    signed(7 * slopePerDay, formatSlope),
    confidence(confidencePercent),
    direction,
  ];
}

/** One trend as a sentence. */
export function trendSentence({ metric, median, slopePerDay, confidencePercent, direction }: LastingTrend): string {
  const [, format, formatSlope] = METRIC[metric];
  const figures = `${signed(slopePerDay, formatSlope)} per day around ${format(median)}, ${confidence(confidencePercent)} confidence`;
  return direction === 'stable' ? `No trend: ${figures}.` : `It is ${direction}: ${figures}.`;
}

function signed(value: number, format: Format): string {
  return `${value > 0 ? '+' : ''}${format(value)}`;
}

/** What a step of a timeline is called. */
export function stepName(stepMs: number): string {
  return stepMs < HOUR_MS ? 'minute' : stepMs === HOUR_MS ? 'hour' : 'day';
}
