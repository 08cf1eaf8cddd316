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
  getAnalysisDashboard,
  analyzePerformanceTrends,
  benchmarkTool,
];
