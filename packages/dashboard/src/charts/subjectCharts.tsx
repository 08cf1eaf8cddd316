/** The charts of one subject: how long calls take, how many there are and how they end. */
import type uPlot from 'uplot';
import type { Timeline } from '../api/client.ts';
import { formatCount, formatMs, formatPercent } from '../format/numbers.ts';
import type { Marks } from './marks.ts';
import { type ChartLine, TimeChart } from './TimeChart.tsx';

interface SubjectChartProps {
  timeline: Timeline;
  /** Of another time, in the same steps. */
  past: { timeline: Timeline; label: string; shiftMs: number } | undefined;
  marks: Marks;
  range: { fromMs: number; toMs: number };
  onZoom(fromMs: number, toMs: number): void;
}

type Column = readonly (number | null)[];

const LATENCY_LINES: readonly ChartLine[] = [
  { label: 'p50', color: 'chart-p50' },
  { label: 'p95', color: 'chart-p95', bandTo: 0 },
  { label: 'p99', color: 'chart-p99', dash: [5, 4] },
];

export function LatencyChart({
  timeline,
  past,
  marks,
  range,
  onZoom,
  isLogarithmic,
}: SubjectChartProps & { isLogarithmic: boolean }) {
  const { summary } = timeline;
  const pastLines: ChartLine[] = past ? [{ label: `p95 ${past.label}`, color: 'chart-past', dash: [2, 3] }] : [];
  const data = [
    timesOf(timeline),
    timeline.p50Ms,
    timeline.p95Ms,
    timeline.p99Ms,
    ...pastColumns(timeline, past, 'p95Ms'),
  ];
  return (
    <TimeChart
      summary={`Response time: p50 ${formatMs(summary.p50Ms)}, p95 ${formatMs(summary.p95Ms)}, p99 ${formatMs(summary.p99Ms)} over the range`}
      heightPx={260}
      lines={[...LATENCY_LINES, ...pastLines]}
      data={data as unknown as uPlot.AlignedData}
      format={formatMs}
      marks={marks}
      range={range}
      onZoom={onZoom}
      isLogarithmic={isLogarithmic}
    />
  );
}

export function CallsChart({ timeline, past, marks, range, onZoom }: SubjectChartProps) {
  const { summary } = timeline;
  const pastLines: ChartLine[] = past ? [{ label: `calls ${past.label}`, color: 'chart-past', dash: [2, 3] }] : [];
  const lines: ChartLine[] = [
    { label: 'calls', color: 'chart-calls', isBars: true },
    { label: 'errors', color: 'chart-errors', isBars: true },
    ...pastLines,
  ];
  const data = [timesOf(timeline), timeline.calls, timeline.errors, ...pastColumns(timeline, past, 'calls')];
  return (
    <TimeChart
      summary={`${formatCount(summary.calls)} calls, ${formatPercent(summary.errorRatePercent)} failed`}
      heightPx={180}
      lines={lines}
      data={data as unknown as uPlot.AlignedData}
      format={formatCount}
      marks={{ spans: [], moments: marks.moments }}
      range={range}
      onZoom={onZoom}
    />
  );
}

/** Epoch seconds of the steps' beginnings. */
export function timesOf({ from, stepSeconds, calls }: Pick<Timeline, 'from' | 'stepSeconds' | 'calls'>): number[] {
  const first = Date.parse(from) / 1000;
  return calls.map((_, step) => first + step * stepSeconds);
}

/**
 * The column of the other time, moved to where it is to be compared with. What is older may be kept in wider steps: each of
 * them stands for all that it covers then.
 */
function pastColumns(timeline: Timeline, past: SubjectChartProps['past'], name: 'p95Ms' | 'calls'): Column[] {
  if (past === undefined) return [];
  const { from, stepSeconds } = past.timeline;
  const firstSeconds = (Date.parse(from) + past.shiftMs) / 1000;
  const share = name === 'calls' ? timeline.stepSeconds / stepSeconds : 1;
  return [
    timesOf(timeline).map((at) => {
      const value = past.timeline[name][Math.floor((at - firstSeconds) / stepSeconds)];
      return value === undefined || value === null ? null : value * share;
    }),
  ];
}
