/** The analyses that end in a decision, joined: cost, instances, and the dashboard that shows them beside the others. */
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { Services } from '../serve/ports/services.ts';
import { createCosts } from './cost/service.ts';
import { newestBenchmarks } from './dashboard/benchmarks.ts';
import { readFindings, readWaitsFor } from './dashboard/findings.ts';
import { readForecasts } from './dashboard/forecasts.ts';
import { policiesInForce } from './dashboard/policies.ts';
import { type AnalysisDashboardService, createAnalysisDashboards } from './dashboard/service.ts';
import type { DashboardSources } from './dashboard/sources.ts';
import { readGrowth } from './replicas/growth.ts';
import { createReplicas, type Outlook } from './replicas/service.ts';

export interface DecisionsDeps
  extends Pick<Services, 'store' | 'clock' | 'views' | 'reports' | 'audit' | 'trends' | 'bottlenecks'> {
  config: Pick<Config, 'cost' | 'replicas' | 'dashboard'>;
  optimizations: Pick<Services['optimizations'], 'policies'>;
  benchmarks: Pick<Services['benchmarks'], 'latest'>;
}

export interface Decisions extends Pick<Services, 'costs' | 'replicas'> {
  analysisDashboards: AnalysisDashboardService;
}

export function createDecisions(deps: DecisionsDeps): Decisions {
  const costs = createCosts(deps);
  const replicas = createReplicas({ ...deps, outlook: (server) => outlookOf(deps, server) });
  const sources = sourcesOf(deps);
  return { costs, replicas, analysisDashboards: createAnalysisDashboards({ ...deps, costs, replicas, sources }) };
}

/** What the other analyses know of servers' future, and of what their calls wait for. */
async function outlookOf(
  { trends, bottlenecks, clock }: DecisionsDeps,
  server: string | undefined,
): Promise<Map<string, Outlook>> {
  const growth = await whereTold(() => readGrowth(trends, server));
  const waitsFor = await whereTold(() => readWaitsFor(bottlenecks, server, clock.nowMs()));
  const names = new Set([...(growth?.keys() ?? []), ...(waitsFor?.keys() ?? [])]);
  return new Map([...names].map((name) => [name, { growth: growth?.get(name), waitsFor: waitsFor?.get(name) }]));
}

/** An analysis that cannot tell is no fault: what was measured counts then. */
async function whereTold<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof VitalsError && error.code !== 'internal') return undefined;
    throw error;
  }
}

function sourcesOf({ trends, optimizations, benchmarks, bottlenecks }: DecisionsDeps): DashboardSources {
  return {
    forecasts: (server) => readForecasts(trends, server),
    policies: async (server) => policiesInForce(optimizations, server),
    benchmarks: () => newestBenchmarks(benchmarks),
    findings: (range, server) => readFindings(bottlenecks, range, server),
  };
}
