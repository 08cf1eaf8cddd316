/** The analysis dashboard as sections, those that it has in the order in which one reads them. */
import { Steps } from '../../clock.ts';
import type { AnalysisDashboard, Recommendation } from '../../model/analysisDashboard.ts';
import { callsChart } from '../charts/callsChart.ts';
import { latencyChart } from '../charts/latencyChart.ts';
import { code, subject } from '../names.ts';
import { type Block, figures, paragraph, type Section, table } from '../sections/block.ts';
import { changeTable } from '../sections/changes.ts';
import { benchmarkBlocks, policyBlocks } from './changes.ts';
import { costBlocks } from './cost.ts';
import { collectorBlocks, customBlocks, serverBlocks, toolBlocks } from './figures.ts';
import { findingBlocks, forecastBlocks } from './outlook.ts';
import { replicaBlocks } from './replicas.ts';

/** Charts of forecasts take their time, and whoever waits has a turn between them. */
export async function analysisSections(dashboard: AnalysisDashboard): Promise<Section[]> {
  const { timeline, tools, findings, forecasts, cost, replicas, policies } = dashboard;
  const { benchmarks, audit, collector, customMetrics, recommendations, missing } = dashboard;
  const steps = new Steps();
  const charted = forecasts && (await forecastBlocks(forecasts, steps));
  const sections: [string, Block[] | undefined][] = [
    ['Calls', callBlocks(timeline)],
    ['What to do', recommendations && recommendationBlocks(recommendations)],
    ['Bottlenecks', findings && findingBlocks(findings)],
    ['Forecasts', charted],
    ['Servers', serverBlocks(dashboard.servers)],
    ['Tools', tools && toolBlocks(tools)],
    ['Cost', cost && costBlocks(cost)],
    ['Instances', replicas && replicaBlocks(replicas)],
    ['Custom metrics', customMetrics && customBlocks(customMetrics)],
    ['Benchmarks', benchmarks && benchmarkBlocks(benchmarks)],
    ['Policies in force', policies && policyBlocks(policies)],
    ['Changes', audit && changeTable(audit, 'Nobody changed anything.')],
    ['The collector', collector && collectorBlocks(collector)],
    ['What could not be told', missing.length === 0 ? undefined : missingBlocks(missing)],
  ];
  return sections.flatMap(([title, blocks]) => (blocks === undefined ? [] : [{ title, blocks }]));
}

function callBlocks(timeline: AnalysisDashboard['timeline']): Block[] {
  const [latency, calls] = [latencyChart(timeline), callsChart(timeline)];
  if (latency === undefined) return [paragraph('Nothing was called.')];
  return figures(
    { caption: 'Response time', svg: latency },
    calls === undefined ? undefined : { caption: 'Calls and errors', svg: calls },
  );
}

const SOURCES: Readonly<Record<Recommendation['from'], string>> = {
  bottleneck: 'bottleneck',
  cost: 'cost',
  replicas: 'instances',
  forecast: 'forecast',
};

function recommendationBlocks(recommendations: readonly Recommendation[]): Block[] {
  const rows = recommendations.map(({ from, server, tool, what }) => [subject(server, tool), what, SOURCES[from]]);
  return table(['Subject', 'What', 'Because of'], rows, 'Nothing: no analysis has anything to recommend.');
}

function missingBlocks(missing: AnalysisDashboard['missing']): Block[] {
  return [{ kind: 'list', items: missing.map(({ part, reason }) => `${part}: ${code(reason)}`) }];
}
