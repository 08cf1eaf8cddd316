/** Puts the dashboard together: each part by who knows it, and a word for each that could not be told. */
import type { Clock } from '../../clock.ts';
import { VitalsError } from '../../errors.ts';
import { knownServers } from '../../knownSubject.ts';
import type { AnalysisDashboard, MissingPart } from '../../model/analysisDashboard.ts';
import { startOfMinute } from '../../model/rollup.ts';
import type { AnalysisDashboardRequest } from '../../serve/ports/analyses.ts';
import type { Services } from '../../serve/ports/services.ts';
import type { TimeRange } from '../../store/store.ts';
import { readCustomMetrics } from './customMetrics.ts';
import { readFigures, readTools, type Shown } from './figures.ts';
import { hasPart, MAX_ENTRIES, type Part, RANGE_MS } from './parts.ts';
import { recommendationsOf } from './recommendations.ts';
import type { DashboardSources } from './sources.ts';

export interface BuildDeps extends Pick<Services, 'store' | 'views' | 'reports' | 'costs' | 'replicas' | 'audit'> {
  clock: Pick<Clock, 'nowMs'>;
  sources: DashboardSources;
}

const MB = 1_048_576;

/** @throws VitalsError `not_found` for a server or a metric that has not been seen */
export async function buildDashboard(deps: BuildDeps, request: AnalysisDashboardRequest): Promise<AnalysisDashboard> {
  const { store } = deps;
  const { type, range: rangeName, server, customMetrics } = request;
  const atMs = deps.clock.nowMs();
  const range = rangeOf(atMs, RANGE_MS[rangeName]);
  const known = await knownServers(store, server);
  const custom = customMetrics.length > 0 ? await readCustomMetrics(store, range, server, customMetrics) : undefined;
  const shown = { ...range, rangeName, server, known };
  const figures = await readFigures(deps, shown, await deps.reports.dashboard());
  const { missing, ...parts } = await readParts(deps, request, shown);
  return {
    ...{ atMs, ...range, type, range: rangeName, server },
    ...figures,
    ...parts,
    customMetrics: custom,
    recommendations: request.includeRecommendations ? recommendationsOf(parts, MAX_ENTRIES[type]) : undefined,
    missing,
  };
}

/** The minute that has begun counts, so that what is live is seen. */
function rangeOf(nowMs: number, lengthMs: number): TimeRange {
  return { fromMs: startOfMinute(nowMs - lengthMs), toMs: nowMs };
}

type Parts = Pick<AnalysisDashboard, Part | 'missing'>;

/** One after the other: none of them is to make the others wait for the store. */
async function readParts(deps: BuildDeps, request: AnalysisDashboardRequest, shown: Shown): Promise<Parts> {
  const { views, costs, replicas, audit, sources, store } = deps;
  const { type, server, includePredictions, includeRecommendations } = request;
  const range = { fromMs: shown.fromMs, toMs: shown.toMs };
  const max = MAX_ENTRIES[type];
  const missing: MissingPart[] = [];
  const first = <Entry>(entries: Entry[] | undefined) => entries?.slice(0, max);
  async function read<Value>(part: Part, isWanted: boolean, ask: () => Promise<Value> | undefined) {
    if (!isWanted || !hasPart(type, part)) return undefined;
    try {
      return await ask();
    } catch (error) {
      // What an analysis says it cannot tell is part of the answer; anything else is a fault.
      if (!(error instanceof VitalsError) || error.code === 'internal') throw error;
      missing.push({ part, reason: error.message });
      return undefined;
    }
  }
  return {
    tools: first(await read('tools', true, () => readTools(views, shown))),
    findings: first(await read('findings', true, () => sources.findings?.(range, server))),
    forecasts: first(await read('forecasts', includePredictions, () => sources.forecasts?.(server))),
    cost: await read('cost', true, async () => shortened(await costs.analyse({ ...range, server }), max)),
    replicas: first(await read('replicas', includeRecommendations, () => replicas.recommend(server))),
    policies: first(await read('policies', true, () => sources.policies?.(server))),
    benchmarks: first(await read('benchmarks', server === undefined, () => sources.benchmarks?.())),
    audit: await read('audit', true, () => audit.entries({ ...range, server, limit: max })),
    collector: await read('collector', server === undefined, async () => collectorFigures(await store.stats())),
    missing,
  };
}

function shortened(cost: NonNullable<Parts['cost']>, max: number): NonNullable<Parts['cost']> {
  return { ...cost, tools: cost.tools.slice(0, max), savings: cost.savings.slice(0, max) };
}

function collectorFigures(stats: Awaited<ReturnType<BuildDeps['store']['stats']>>): NonNullable<Parts['collector']> {
  return {
    databaseMb: stats.databaseBytes / MB,
    freeDiskMb: stats.freeDiskBytes / MB,
    series: stats.seriesCount,
    conditions: stats.conditions,
  };
}
