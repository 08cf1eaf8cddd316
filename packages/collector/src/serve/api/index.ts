/** All routes of the JSON API that are a question and an answer. */

import { listAlertRules, removeAlertRule, removeThreshold } from './alertRules.ts';
import { getAlertQuality, judgeAlert, listAlerts, listProposals, listThresholds } from './alerts.ts';
import { getAnalysisDashboard, getCost, listReplicaAdvice } from './analysis.ts';
import { explainAnomaly, listAnomalies } from './anomalies.ts';
import { listAudit } from './audit.ts';
import { listChannels, listForwarding, listSettings, testChannel } from './collector.ts';
import { getComparison } from './comparison.ts';
import type { RouteDefinition } from './defineRoute.ts';
import { listDeploys, listErrors, listInFlight, listResources, listServers, listTools } from './inventory.ts';
import { listObjectives, removeObjective, setObjective } from './objectives.ts';
import { listOptimizations, undoOptimization } from './optimizations.ts';
import { getOverview } from './overview.ts';
import { addSilence, endSilence, listSilences } from './silences.ts';
import { getDistribution, getTimeline } from './timeline.ts';
import { createToken, listTokens, revokeToken } from './tokens.ts';
import { listWorkspaces } from './workspaces.ts';

export const ROUTES: readonly RouteDefinition[] = [
  getOverview,
  getTimeline,
  getDistribution,
  getComparison,
  listServers,
  listTools,
  listErrors,
  listResources,
  listInFlight,
  listDeploys,
  listAnomalies,
  explainAnomaly,
  listAlerts,
  judgeAlert,
  getAlertQuality,
  listThresholds,
  removeThreshold,
  listProposals,
  listAlertRules,
  removeAlertRule,
  listSilences,
  addSilence,
  endSilence,
  listObjectives,
  setObjective,
  removeObjective,
  getAnalysisDashboard,
  getCost,
  listReplicaAdvice,
  listAudit,
  listOptimizations,
  undoOptimization,
  listSettings,
  listChannels,
  listForwarding,
  testChannel,
  listWorkspaces,
  listTokens,
  createToken,
  revokeToken,
] as readonly unknown[] as readonly RouteDefinition[];
