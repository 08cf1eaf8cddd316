/** All tools, in the order of the specification. */
import { acknowledgeAlert } from './acknowledgeAlert.ts';
import type { ToolDefinition } from './defineTool.ts';
import { detectAnomalies } from './detectAnomalies.ts';
import { generatePerformanceReport } from './generatePerformanceReport.ts';
import { getActiveAlerts } from './getActiveAlerts.ts';
import { getMetrics } from './getMetrics.ts';
import { getPerformanceDashboard } from './getPerformanceDashboard.ts';
import { setAlertThreshold } from './setAlertThreshold.ts';
import { trackPerformance } from './trackPerformance.ts';

export const TOOLS: readonly ToolDefinition[] = [
  trackPerformance,
  getMetrics,
  detectAnomalies,
  setAlertThreshold,
  getActiveAlerts,
  acknowledgeAlert,
  generatePerformanceReport,
  getPerformanceDashboard,
];

const byName = new Map(TOOLS.map((tool) => [tool.name, tool]));

export function findTool(name: string): ToolDefinition | undefined {
  return byName.get(name);
}
