/** All tools by toolset, in the order of the specification. */
import type { Config } from '../../config/schema.ts';
import { acknowledgeAlert } from './acknowledgeAlert.ts';
import { ANALYSIS_TOOLS } from './analysis/index.ts';
import type { ToolDefinition } from './defineTool.ts';
import { detectAnomalies } from './detectAnomalies.ts';
import { generatePerformanceReport } from './generatePerformanceReport.ts';
import { getActiveAlerts } from './getActiveAlerts.ts';
import { getMetrics } from './getMetrics.ts';
import { getPerformanceDashboard } from './getPerformanceDashboard.ts';
import { setAlertThreshold } from './setAlertThreshold.ts';
import { trackPerformance } from './trackPerformance.ts';

/** The default list. */
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

export type Toolset = Config['toolsets'][number];

/** What is listed only where it is asked for. */
export const TOOLSETS: Readonly<Record<Toolset, readonly ToolDefinition[]>> = { analysis: ANALYSIS_TOOLS };

/** Those of every toolset. */
export const ALL_TOOLS: readonly ToolDefinition[] = [...TOOLS, ...Object.values(TOOLSETS).flat()];

const byName = new Map(ALL_TOOLS.map((tool) => [tool.name, tool]));

export function findTool(name: string): ToolDefinition | undefined {
  return byName.get(name);
}
