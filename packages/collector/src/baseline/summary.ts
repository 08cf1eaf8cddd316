/** The figures of a baseline, against its targets. */
import type { Baseline, ToolRun } from './baseline.ts';
import { failureCount, successCount, wholeDigest } from './baseline.ts';

/** A figure has to be below its target. */
export interface Targets {
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  errorPercent: number;
}

export const DEFAULT_TARGETS: Targets = { p50Ms: 200, p95Ms: 500, p99Ms: 1_000, errorPercent: 0.1 };

export interface ToolSummary {
  tool: string;
  /** Failed ones included. */
  calls: number;
  errors: number;
  errorPercent: number;
  /** Of the calls that succeeded; null when none did. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  /** Names of the targets that are missed. */
  missed: (keyof Targets)[];
}

export function summarise({ tools }: Pick<Baseline, 'tools'>, targets: Targets): ToolSummary[] {
  return tools.filter((run) => run.rounds.length > 0).map((run) => summaryOf(run, targets));
}

function summaryOf(run: ToolRun, targets: Targets): ToolSummary {
  const digest = wholeDigest(run);
  const errors = failureCount(run);
  const calls = successCount(run) + errors;
  const quantile = (q: number) => (digest.count === 0 ? null : digest.quantile(q));
  const figures = {
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    errorPercent: (100 * errors) / calls,
  };
  const names = Object.keys(figures) as (keyof Targets)[];
  const missed = names.filter((name) => !((figures[name] ?? Number.POSITIVE_INFINITY) < targets[name]));
  return { tool: run.tool, calls, errors, ...figures, missed };
}
