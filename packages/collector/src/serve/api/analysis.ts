/** What the analyses say: the dashboard, cost, instances. */
import { z } from 'zod';
import { DASHBOARD_RANGES, DASHBOARD_TYPES } from '../../model/analysisDashboard.ts';
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { AnalysisDashboardRequest } from '../ports/analyses.ts';
import { analysisDashboard, presentedDashboard } from './analysisShapes.ts';
import { costReport, presentedCost } from './costShapes.ts';
import { defineRoute } from './defineRoute.ts';
import { rangeFields, rangeOf, serverField } from './inputs.ts';
import { presentedReplicas, replicaAdvice } from './replicaShapes.ts';

/** In one parameter, with commas between: an address repeats none. */
const namesField = z.string().max(2_000).default('').describe('Names of custom metrics, with commas between');

export const dashboardQuery = z.strictObject({
  type: z.enum(DASHBOARD_TYPES).default('overview'),
  range: z.enum(DASHBOARD_RANGES).default('day'),
  server: serverField,
  predictions: z.stringbool().default(true),
  recommendations: z.stringbool().default(true),
  customMetrics: namesField,
});

export function requestOf(query: z.output<typeof dashboardQuery>): AnalysisDashboardRequest {
  const { type, range, server, predictions, recommendations, customMetrics } = query;
  return {
    ...{ type, range, server },
    includePredictions: predictions,
    includeRecommendations: recommendations,
    customMetrics: namesIn(customMetrics),
  };
}

function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

export const getAnalysisDashboard = defineRoute({
  method: 'GET',
  path: '/analysis/dashboard',
  summary: 'What all analyses say, side by side',
  group: 'Analysis',
  scope: 'read',
  query: dashboardQuery,
  answer: analysisDashboard,
  async run({ query }, { analysisDashboards }) {
    return presentedDashboard(await analysisDashboards.build(requestOf(query)));
  },
});

export const getCost = defineRoute({
  method: 'GET',
  path: '/analysis/cost',
  summary: 'What calls cost: time, processor, tokens; and what could be saved',
  group: 'Analysis',
  scope: 'read',
  query: z.strictObject({
    ...rangeFields,
    minutes: rangeFields.minutes.removeDefault().default(DAY_MS / MINUTE_MS),
    server: serverField,
  }),
  answer: costReport,
  async run({ query }, { costs, clock }) {
    return presentedCost(await costs.analyse({ ...rangeOf(query, clock.nowMs()), server: query.server }));
  },
});

export const listReplicaAdvice = defineRoute({
  method: 'GET',
  path: '/analysis/replicas',
  summary: 'How many instances servers need',
  group: 'Analysis',
  scope: 'read',
  query: z.strictObject({ server: serverField }),
  answer: z.object({ replicas: z.array(replicaAdvice) }),
  async run({ query }, { replicas }) {
    return { replicas: (await replicas.recommend(query.server)).map(presentedReplicas) };
  },
});
