/** What the processes of a server used over time. */
import type uPlot from 'uplot';
import type { Resources } from '../../api/client.ts';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { Panel } from '../../components/Panel.tsx';
import { formatMs, formatNumber, formatPercent } from '../../format/numbers.ts';

interface ResourcePanelsProps {
  resources: readonly Resources[];
  range: { fromMs: number; toMs: number };
  onZoom(fromMs: number, toMs: number): void;
}

export function ResourcePanels({ resources, range, onZoom }: ResourcePanelsProps) {
  if (resources.length === 0) return null;
  const at = resources.map((sample) => Date.parse(sample.at) / 1000);
  const chart = (
    title: string,
    format: (value: number) => string,
    mean: keyof Omit<Resources, 'at'>,
    most: keyof Omit<Resources, 'at'>,
  ) => (
    <Panel title={title} key={title}>
      <TimeChart
        summary={`${title}: ${format(resources.at(-1)![mean])} now, ${format(Math.max(...resources.map((sample) => sample[most])))} at most`}
        heightPx={140}
        lines={[
          { label: 'mean', color: 'chart-p50', isFilled: true },
          { label: 'most', color: 'chart-past', dash: [2, 3] },
        ]}
        data={
          [at, resources.map((sample) => sample[mean]), resources.map((sample) => sample[most])] as uPlot.AlignedData
        }
        format={format}
        range={range}
        onZoom={onZoom}
      />
    </Panel>
  );
  return (
    <div class="columns">
      {chart('CPU (of one core)', formatPercent, 'cpuPercentAvg', 'cpuPercentMax')}
      {chart('Memory', (mb) => `${formatNumber(mb)} MB`, 'memoryMbAvg', 'memoryMbMax')}
      {chart('Event-loop delay', formatMs, 'eventLoopDelayMsAvg', 'eventLoopDelayMsMax')}
      {chart('Disk I/O', (kb) => `${formatNumber(kb)} KB`, 'diskIoKb', 'diskIoKb')}
    </div>
  );
}
