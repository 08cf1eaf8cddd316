/**
 * Recording rules: what alerts and dashboards of people's own ask for often. Names are `level:metric:operation`; the spans
 * are those of the thresholds.
 */
import { MINUTE_MS } from '../../model/rollup.ts';
import { cacheHitRatio, errorRatio, type Question, quantile, rate, SERVER_FAMILIES } from '../expressions.ts';
import { duration } from '../promql.ts';
import type { RecordingRule, RuleSettings } from './rule.ts';

export const TOOL_LEVEL = ['server', 'tool'];
export const SERVER_LEVEL = ['server'];

/** `_total` tells of a counter, and what is recorded is none. */
const stem = ({ name }: { name: string }): string => name.replace(/_total$/, '');

/** Names of what is recorded over the span of the thresholds. */
export function recordedNames({ evaluationMinutes }: Pick<RuleSettings, 'evaluationMinutes'>) {
  const span = duration(evaluationMinutes * MINUTE_MS);
  const requests = stem(SERVER_FAMILIES.toolRequests);
  const toolDuration = stem(SERVER_FAMILIES.toolDuration);
  return {
    span,
    toolRate: `server_tool:${requests}:rate${span}`,
    toolErrorRatio: `server_tool:${stem(SERVER_FAMILIES.errors)}:ratio_rate${span}`,
    toolP50: `server_tool:${toolDuration}:p50_${span}`,
    toolP95: `server_tool:${toolDuration}:p95_${span}`,
    toolP99: `server_tool:${toolDuration}:p99_${span}`,
    serverRate: `server:${requests}:rate${span}`,
    serverErrorRatio: `server:${stem(SERVER_FAMILIES.errors)}:ratio_rate${span}`,
    serverP95: `server:${toolDuration}:p95_${span}`,
    cacheHitRatio: `server_cache:${stem(SERVER_FAMILIES.cacheHits)}:ratio_rate${span}`,
    databaseP95: `server_query_type:${stem(SERVER_FAMILIES.databaseDuration)}:p95_${span}`,
  };
}

export function recordingRules(settings: Pick<RuleSettings, 'evaluationMinutes'>): RecordingRule[] {
  const names = recordedNames(settings);
  const over = (by: readonly string[]): Question => ({ matchers: [], span: names.span, by });
  const [byTool, byServer] = [over(TOOL_LEVEL), over(SERVER_LEVEL)];
  const { toolRequests, toolDuration, databaseDuration } = SERVER_FAMILIES;
  return [
    { record: names.toolRate, expr: rate(toolRequests, byTool) },
    { record: names.toolErrorRatio, expr: errorRatio(byTool) },
    { record: names.toolP50, expr: quantile(0.5, toolDuration, byTool) },
    { record: names.toolP95, expr: quantile(0.95, toolDuration, byTool) },
    { record: names.toolP99, expr: quantile(0.99, toolDuration, byTool) },
    { record: names.serverRate, expr: rate(toolRequests, byServer) },
    { record: names.serverErrorRatio, expr: errorRatio(byServer) },
    { record: names.serverP95, expr: quantile(0.95, toolDuration, byServer) },
    { record: names.cacheHitRatio, expr: cacheHitRatio(over(['server', 'cache'])) },
    { record: names.databaseP95, expr: quantile(0.95, databaseDuration, over(['server', 'query_type'])) },
  ];
}
