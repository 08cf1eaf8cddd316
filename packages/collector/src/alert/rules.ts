/** Rules of the settings, and those that people set: a metric, a statistic of it, a comparison, for each server or tool that the rule names. */
import type { Rule } from '../config/schema.ts';
import { matches } from '../model/namePattern.ts';
import {
  averageMs,
  callCount,
  errorRatePercent,
  newestMinutes,
  type ResourceRollup,
  type SeriesRollup,
} from '../model/rollup.ts';
import { matchesServer } from '../model/workspace.ts';
import type { SeriesKind, Store } from '../store/store.ts';
import { type Breach, fingerprintOf } from './breach.ts';
import type { ConditionSource } from './conditions.ts';

/** A value of a server, or of a tool of it, over the period of a rule. */
interface Measured {
  server: string;
  tool: string;
  value: number;
}

/** What servers record themselves. */
const CUSTOM_KINDS: readonly SeriesKind[] = ['custom', 'counter', 'gauge', 'result_bytes', 'wait'];

const UNIT: Record<Rule['metric'], string> = {
  response_time: ' ms',
  error_rate: ' %',
  availability: ' %',
  throughput: ' a minute',
  cpu: ' %',
  memory: ' %',
  event_loop_delay: ' ms',
  custom: '',
};

const SYMBOL: Record<Rule['operator'], string> = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' };

/** What is measured of a server as a whole. */
const RESOURCE_VALUES: Partial<Record<Rule['metric'], (use: ResourceRollup) => number>> = {
  cpu: (use) => use.cpuPercentAvg,
  memory: (use) => use.memoryPercentAvg,
  event_loop_delay: (use) => use.eventLoopDelayMsAvg,
};

export function ruleConditions(
  rules: () => readonly Rule[],
  store: Pick<Store, 'readRollups' | 'readResources' | 'listSeries'>,
): ConditionSource {
  return {
    prefix: 'rule:',
    async evaluate(nowMs, isOpen) {
      const breaches: Breach[] = [];
      for (const rule of rules()) {
        for (const measured of await measureRule(rule, store, nowMs)) {
          const breach = breachOfRule(rule, measured);
          if (holds(rule, measured.value, isOpen(breach.fingerprint))) breaches.push(breach);
        }
      }
      return breaches;
    },
  };
}

/** An alert that is open ends at the rule's own limit for that. */
function holds({ operator, threshold, clearThreshold }: Rule, value: number, isOpen: boolean): boolean {
  const limit = isOpen ? (clearThreshold ?? threshold) : threshold;
  switch (operator) {
    case 'gt':
      return value > limit;
    case 'gte':
      return value >= limit;
    case 'lt':
      return value < limit;
    case 'lte':
      return value <= limit;
    case 'eq':
      return value === limit;
  }
}

function breachOfRule(rule: Rule, { server, tool, value }: Measured): Breach {
  const { name, metric, statistic, operator, threshold, severity, forMinutes, cooldownMinutes, channels } = rule;
  const isStatistic = metric === 'response_time' || metric === 'custom';
  const measured = `${metric === 'custom' ? rule.series : metric}${isStatistic ? ` ${statistic}` : ''}`;
  return {
    fingerprint: fingerprintOf(server, tool, `rule:${name}`),
    server,
    tool,
    severity,
    condition: `${name}: ${measured} ${SYMBOL[operator]} ${threshold}${UNIT[metric]}`,
    currentValue: value,
    threshold,
    pendingMinutes: forMinutes,
    ...(cooldownMinutes !== undefined && { cooldownMinutes }),
    ...(channels !== undefined && { channels }),
    ...(rule.urgent && { isUnlimited: true }),
  };
}

async function measureRule(
  rule: Rule,
  store: Pick<Store, 'readRollups' | 'readResources' | 'listSeries'>,
  nowMs: number,
): Promise<Measured[]> {
  const range = newestMinutes(nowMs, rule.periodMinutes);
  const isNamed = !rule.server.includes('*');
  const server = isNamed ? rule.server : undefined;
  const resource = RESOURCE_VALUES[rule.metric];
  if (resource !== undefined) {
    const uses = await store.readResources(range, server, 'range');
    return uses
      .filter((use) => matchesServer(rule.server, use.server))
      .map((use) => ({ server: use.server, tool: '', value: resource(use) }));
  }
  const kinds = rule.metric === 'custom' ? CUSTOM_KINDS : (['tool'] as const);
  const name = rule.metric === 'custom' ? rule.series : rule.tool.includes('*') ? undefined : rule.tool;
  const filter = { server, name, kinds };
  const digests = rule.metric === 'response_time' || rule.metric === 'custom';
  const { rollups } = await store.readRollups({ ...range, filter, scope: 'series', digests });
  const isOfRule = (each: { server: string; name: string }) =>
    matchesServer(rule.server, each.server) && (rule.metric === 'custom' || matches(rule.tool, each.name));
  const measured = rollups
    .filter((rollup) => isOfRule(rollup.series) && callCount(rollup) >= rule.minCalls)
    .map((rollup) => ({ server: rollup.series.server, tool: rollup.series.name, value: measuredValue(rule, rollup) }));
  return rule.metric === 'throughput' ? [...measured, ...(await silent(rule, store, filter, measured))] : measured;
}

/** Tools that are known and were not called: their throughput is nothing, which is what such rules are for. */
async function silent(
  rule: Rule,
  store: Pick<Store, 'listSeries'>,
  filter: Parameters<Store['listSeries']>[0],
  measured: readonly Measured[],
): Promise<Measured[]> {
  if (rule.minCalls > 1) return [];
  const called = new Set(measured.map(({ server, tool }) => JSON.stringify([server, tool])));
  return (await store.listSeries(filter))
    .filter(({ server, name }) => matchesServer(rule.server, server) && matches(rule.tool, name))
    .filter(({ server, name }) => !called.has(JSON.stringify([server, name])))
    .map(({ server, name }) => ({ server, tool: name, value: 0 }));
}

function measuredValue({ metric, statistic, periodMinutes }: Rule, rollup: SeriesRollup): number {
  switch (metric) {
    case 'error_rate':
      return errorRatePercent(rollup);
    case 'availability':
      return 100 - errorRatePercent(rollup);
    case 'throughput':
      return callCount(rollup) / periodMinutes;
    default:
      return statisticOf(statistic, rollup);
  }
}

function statisticOf(statistic: Rule['statistic'], rollup: SeriesRollup): number {
  switch (statistic) {
    case 'mean':
      return averageMs(rollup);
    case 'max':
      return rollup.maxMs;
    case 'sum':
      return rollup.sumMs;
    default:
      return rollup.digest?.quantile(Number(statistic.slice(1)) / 100) ?? Number.NaN;
  }
}
