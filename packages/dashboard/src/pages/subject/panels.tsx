/** The parts of a subject's page that are lists and tables. */
import type uPlot from 'uplot';
import type { Anomaly, Resources, Timeline, ToolStats } from '../../api/client.ts';
import { TimeChart } from '../../charts/TimeChart.tsx';
import { Link } from '../../components/Link.tsx';
import { Name } from '../../components/Name.tsx';
import { Panel } from '../../components/Panel.tsx';
import { SeverityBadge } from '../../components/Status.tsx';
import { Subject, subjectAddress } from '../../components/Subject.tsx';
import { Table, type TableColumn } from '../../components/Table.tsx';
import {
  formatCount,
  formatFullTime,
  formatMs,
  formatNumber,
  formatPercent,
  formatSpan,
  formatTime,
} from '../../format/numbers.ts';
import type { SubjectData } from './useSubjectData.ts';

export function ToolTable({ tools, query }: { tools: readonly ToolStats[]; query: URLSearchParams }) {
  const kept = ['range', 'from', 'to', 'against'].map((name) => [name, query.get(name) ?? undefined] as const);
  const columns: TableColumn<ToolStats>[] = [
    {
      title: 'Tool',
      cell: ({ server, tool }) => (
        <Link href={subjectAddress(server, tool, Object.fromEntries(kept))}>
          <Name text={tool} />
        </Link>
      ),
      sortBy: ({ tool }) => tool,
    },
    { title: 'Calls', isNumber: true, cell: ({ calls }) => formatCount(calls), sortBy: ({ calls }) => calls },
    {
      title: 'Errors',
      isNumber: true,
      cell: ({ errorRatePercent }) => (
        <span class={errorRatePercent > 1 ? 'is-bad' : ''}>{formatPercent(errorRatePercent)}</span>
      ),
      sortBy: ({ errorRatePercent }) => errorRatePercent,
    },
    { title: 'p50', isNumber: true, cell: ({ p50Ms }) => formatMs(p50Ms), sortBy: ({ p50Ms }) => p50Ms },
    {
      title: 'p95',
      isNumber: true,
      cell: ({ p95Ms }) => <span class={p95Ms > 500 ? 'is-bad' : ''}>{formatMs(p95Ms)}</span>,
      sortBy: ({ p95Ms }) => p95Ms,
    },
    { title: 'p99', isNumber: true, cell: ({ p99Ms }) => formatMs(p99Ms), sortBy: ({ p99Ms }) => p99Ms },
    { title: 'Slowest', isNumber: true, cell: ({ maxMs }) => formatMs(maxMs), sortBy: ({ maxMs }) => maxMs },
    {
      title: 'Share of time',
      isNumber: true,
      cell: ({ sharePercent }) => formatPercent(sharePercent),
      sortBy: ({ sharePercent }) => sharePercent,
    },
  ];
  return (
    <Panel title={`Tools (${tools.length})`}>
      <Table
        caption="Tools of this server"
        columns={columns}
        rows={tools}
        keyOf={({ tool }) => tool}
        sortedBy="Share of time"
        none="No tool was called in this range."
      />
    </Panel>
  );
}

export function ErrorList({ errors }: { errors: SubjectData['errors'] }) {
  const columns: TableColumn<SubjectData['errors'][number] & { i: number }>[] = [
    {
      title: 'When',
      cell: ({ at }) => (
        <time class="nowrap" dateTime={at} title={formatFullTime(at)}>
          {formatTime(at)}
        </time>
      ),
    },
    { title: 'Tool', cell: ({ tool }) => <Name text={tool} /> },
    { title: 'Error', cell: ({ errorClass }) => <code>{errorClass}</code> },
    { title: 'Code', cell: ({ code }) => (code === '' ? '' : <code>{code}</code>) },
    { title: 'Message', cell: ({ message }) => <bdi>{message ?? ''}</bdi> },
  ];
  const hasMessages = errors.some(({ message }) => message !== null);
  return (
    <Panel title="Recent errors" aside={<span class="soft">newest, whenever they were</span>}>
      <Table
        caption="Recent errors"
        columns={hasMessages ? columns : columns.slice(0, -1)}
        rows={errors.slice(0, 10).map((error, i) => ({ ...error, i }))}
        keyOf={({ i }) => String(i)}
        none="No error is known."
      />
    </Panel>
  );
}

export function AnomalyList({ anomalies }: { anomalies: readonly Anomaly[] }) {
  const worth = anomalies.filter(({ severity }) => severity !== 'info');
  return (
    <Panel title={`Anomalies (${worth.length})`}>
      {worth.length === 0 && <p class="soft empty">None in this range.</p>}
      <ul class="anomalies">
        {worth.slice(0, 20).map((anomaly) => (
          <li key={anomaly.anomalyId}>
            <p>
              <SeverityBadge severity={anomaly.severity} /> {anomaly.type.replaceAll('_', ' ')}
              {anomaly.tool !== '' && (
                <>
                  {' in '}
                  <Subject server={anomaly.server} tool={anomaly.tool} />
                </>
              )}
              , <b>{anomaly.deviation}</b>
            </p>
            <p class="soft">
              {formatTime(anomaly.at)}
              {anomaly.endedAt === null
                ? `, goes on for ${formatSpan(Date.now() - Date.parse(anomaly.at))}`
                : ` for ${formatSpan(Date.parse(anomaly.endedAt) - Date.parse(anomaly.at))}`}
              : {formatNumber(anomaly.currentValue)}, expected {anomaly.expectedRange}
            </p>
            {anomaly.recommendations.slice(1).map((line) => (
              <p key={line} class="soft">
                <bdi>{line}</bdi>
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function DeployList({ deploys }: { deploys: SubjectData['deploys'] }) {
  return (
    <Panel title="New versions" aside={<span class="soft">last 30 days</span>}>
      {deploys.length === 0 && <p class="soft empty">No change of version was seen.</p>}
      <ul class="plain-list">
        {deploys.map(({ at, fromVersion, toVersion }) => (
          <li key={at}>
            <time dateTime={at} class="soft" title={formatFullTime(at)}>
              {formatTime(at)}
            </time>{' '}
            <bdi>{fromVersion}</bdi> →{' '}
            <b>
              <bdi>{toVersion}</bdi>
            </b>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  ok: 'succeeded',
  tool_error: 'the tool reported an error',
  protocol_error: 'the call was refused or failed',
  timeout: 'took too long and were given up',
  cancelled: 'cancelled by the client',
  input_required: 'asked the client for more',
  task_created: 'went on as a task',
};

export function Outcomes({ timeline }: { timeline: Timeline | undefined }) {
  const totals = Object.entries(timeline?.outcomes ?? {}).map(
    ([outcome, counts]) => [outcome, counts.reduce((sum, count) => sum + count, 0)] as const,
  );
  const all = Math.max(
    1,
    totals.reduce((sum, [, count]) => sum + count, 0),
  );
  return (
    <Panel title="How calls ended">
      {totals.length === 0 && <p class="soft empty">No calls in this range.</p>}
      <dl class="outcomes">
        {totals.map(([outcome, count]) => (
          <div key={outcome}>
            <dt>
              <code>{outcome}</code> <span class="soft">{OUTCOME_WORDS[outcome]}</span>
            </dt>
            <dd class="number">
              {formatCount(count)} <span class="soft">{formatPercent((100 * count) / all)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

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
