/** The toolset `analysis`: from numbers to decisions. */
import type { ToolDefinition } from '../defineTool.ts';
import { analyzeBottlenecks } from './analyzeBottlenecks.ts';
import { analyzePerformanceTrends } from './analyzePerformanceTrends.ts';
import { benchmarkTool } from './benchmarkTool.ts';
import { getAnalysisDashboard } from './getAnalysisDashboard.ts';
import { monitorPerformance } from './monitorPerformance.ts';
import { optimizeResources } from './optimizeResources.ts';
import { setPerformanceAlert } from './setPerformanceAlert.ts';

export const ANALYSIS_TOOLS: readonly ToolDefinition[] = [
  monitorPerformance,
  analyzeBottlenecks,
  optimizeResources,
  setPerformanceAlert,
  analyzePerformanceTrends,
  benchmarkTool,
];
export const ANALYSIS_TOOLS: readonly ToolDefinition[] = [monitorPerformance, setPerformanceAlert];
export const ANALYSIS_TOOLS: readonly ToolDefinition[] = [setPerformanceAlert];
import { getAnalysisDashboard } from './getAnalysisDashboard.ts';

export const ANALYSIS_TOOLS: readonly ToolDefinition[] = [getAnalysisDashboard];
import { getAnalysisDashboard } from './getAnalysisDashboard.ts';
import { setPerformanceAlert } from './setPerformanceAlert.ts';

export const ANALYSIS_TOOLS: readonly ToolDefinition[] = [setPerformanceAlert, getAnalysisDashboard];
  getAnalysisDashboard,
];
