/** The figures of the range, and how they came about over time. */
import { useState } from 'preact/hooks';
import type { CallStats, Timeline } from '../../api/client.ts';
import { Heatmap } from '../../charts/Heatmap.tsx';
import { CallsChart, LatencyChart } from '../../charts/subjectCharts.tsx';
import { Figures } from '../../components/Figures.tsx';
import { Panel } from '../../components/Panel.tsx';
import { formatCount, formatMs, formatPercent } from '../../format/numbers.ts';
import type { Range } from '../../route/range.ts';
import { changeQuery } from '../../route/route.ts';
import { marksOf } from './marksOf.ts';
import { shownRange, zoomTo } from './shownRange.ts';
import type { SubjectData } from './useSubjectData.ts';

interface ChartsProps {
  data: SubjectData;
  timeline: Timeline;
  range: Range;
  isStale: boolean;
}

export function Charts({ data, timeline, range, isStale }: ChartsProps) {
  const [isLogarithmic, setLogarithmic] = useState(false);
  const { summary } = timeline;
  const shown = shownRange(timeline, range);
  const common = { timeline, past: data.past, marks: marksOf(data), range: shown, onZoom: zoomTo };
  const scale = (
    <span class="controls">
      {range.kind === 'fixed' && (
        <button type="button" class="button" onClick={() => changeQuery({ from: undefined, to: undefined })}>
          Back to now
        </button>
      )}
      <button type="button" class="button" aria-pressed={isLogarithmic} onClick={() => setLogarithmic(!isLogarithmic)}>
        Logarithmic
      </button>
    </span>
  );
  return (
    <>
      <Figures figures={figuresOf(summary)} isSmall />
      <Panel title="Response time" aside={scale} isStale={isStale}>
        <LatencyChart {...common} isLogarithmic={isLogarithmic} />
        <p class="soft hint">
          Drag over a chart to look closer. Shaded: an anomaly, with what was expected in green; dashed: a new version.
        </p>
      </Panel>
      <Panel title="Calls and errors" isStale={isStale}>
        <CallsChart {...common} />
      </Panel>
      <Panel title="Calls by duration" isStale={isStale}>
        <Heatmap timeline={timeline} />
      </Panel>
    </>
  );
}

function figuresOf({ calls, errorRatePercent, ...times }: CallStats): [string, string][] {
  const unlessNone = (value: string) => (calls === 0 ? '–' : value);
  return [
    ['Calls', formatCount(calls)],
    ['Errors', unlessNone(formatPercent(errorRatePercent))],
    ['Mean', unlessNone(formatMs(times.avgMs))],
    ['p50', unlessNone(formatMs(times.p50Ms))],
    ['p95', unlessNone(formatMs(times.p95Ms))],
    ['p99', unlessNone(formatMs(times.p99Ms))],
    ['Slowest', unlessNone(formatMs(times.maxMs))],
  ];
}

/** As high as what comes, so that nothing moves then. */
export function ChartSkeletons() {
  return (
    <div aria-busy="true">
      <div class="figures figures-small skeleton skeleton-figures" />
      {['chart', 'calls', 'heat'].map((name) => (
        <div key={name} class={`panel skeleton skeleton-${name}`} />
      ))}
    </div>
  );
}
