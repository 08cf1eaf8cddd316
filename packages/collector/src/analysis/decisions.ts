/** The analyses that end in a decision, joined: cost, instances, and the dashboard that shows them beside the others. */
import type { Config } from '../config/schema.ts';
import type { Services } from '../serve/services.ts';
import { createCosts } from './cost/service.ts';
import { type AnalysisDashboardService, createAnalysisDashboards } from './dashboard/service.ts';
import type { DashboardSources } from './dashboard/sources.ts';
import type { ReplicaOptions } from './replicas/conclusion.ts';
import { createReplicas } from './replicas/service.ts';

export interface DecisionsDeps extends Pick<Services, 'store' | 'clock' | 'views' | 'reports' | 'audit'> {
  config: Pick<Config, 'cost' | 'replicas' | 'dashboard'>;
  /** What the other analyses say. */
  sources: DashboardSources;
  /** What they know of a server's future and of what its calls wait for. */
  outlook?(server: string): Promise<Pick<ReplicaOptions, 'growth' | 'waitsFor'>>;
}

export interface Decisions extends Pick<Services, 'costs' | 'replicas'> {
  analysisDashboards: AnalysisDashboardService;
}

export function createDecisions(deps: DecisionsDeps): Decisions {
  const costs = createCosts(deps);
  const replicas = createReplicas(deps);
  return { costs, replicas, analysisDashboards: createAnalysisDashboards({ ...deps, costs, replicas }) };
}
