/** The analyses that end in a decision, joined: cost, instances, and the dashboard that shows them beside the others. */
import type { Config } from '../config/schema.ts';
import type { Services } from '../serve/services.ts';
import { createCosts } from './cost/service.ts';
import { readForecasts } from './dashboard/forecasts.ts';
import { type AnalysisDashboardService, createAnalysisDashboards } from './dashboard/service.ts';
import type { DashboardSources } from './dashboard/sources.ts';
import { readGrowth } from './replicas/growth.ts';
import { createReplicas } from './replicas/service.ts';

export interface DecisionsDeps extends Pick<Services, 'store' | 'clock' | 'views' | 'reports' | 'audit' | 'trends'> {
  config: Pick<Config, 'cost' | 'replicas' | 'dashboard'>;
  /** What further analyses say. */
  sources?: DashboardSources;
}

export interface Decisions extends Pick<Services, 'costs' | 'replicas'> {
  analysisDashboards: AnalysisDashboardService;
}

export function createDecisions(deps: DecisionsDeps): Decisions {
  const { trends } = deps;
  const costs = createCosts(deps);
  const outlook = async (server: string) => ({ growth: await readGrowth(trends, server) });
  const replicas = createReplicas({ ...deps, outlook });
  const sources: DashboardSources = { forecasts: (server) => readForecasts(trends, server), ...deps.sources };
  return { costs, replicas, analysisDashboards: createAnalysisDashboards({ ...deps, costs, replicas, sources }) };
}
