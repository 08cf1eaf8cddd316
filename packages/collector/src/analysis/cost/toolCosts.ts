/** What each tool of one server cost. */

import type { ResultCost, ToolCost } from '../../model/cost.ts';
import { groupBy } from '../../model/groupBy.ts';
import type { CostStep, ServerEvidence, Sizes } from './evidence.ts';
import { type CostConfig, pricesOf, tokensOf } from './prices.ts';
import type { SharedCpu } from './shareCpu.ts';

export function toolCosts(evidence: ServerEvidence, cpu: SharedCpu, config: CostConfig): ToolCost[] {
  const { server, requests } = evidence;
  const sizes = new Map(evidence.sizes.map((size) => [size.name, size]));
  const byTool = groupBy(
    requests.filter(({ isTool }) => isTool),
    ({ name }) => name,
  );
  return [...byTool].map(([tool, steps]) => {
    const calls = sumOf(steps, 'calls');
    const totalMs = sumOf(steps, 'totalMs');
    const seconds = cpu.secondsOf.get(tool) ?? 0;
    const size = sizes.get(tool);
    return {
      server,
      tool,
      calls,
      totalMs,
      meanMs: totalMs / calls,
      maxMs: steps.reduce((most, { maxMs }) => Math.max(most, maxMs), 0),
      cpu: evidence.cpu.length === 0 ? null : { seconds, msPerCall: (1000 * seconds) / calls },
      results: size === undefined ? null : resultCost(size, config),
    };
  });
}

function sumOf(steps: readonly CostStep[], field: 'calls' | 'totalMs'): number {
  return steps.reduce((sum, step) => sum + step[field], 0);
}

function resultCost({ calls, bytes, maxBytes, sketch }: Sizes, config: CostConfig): ResultCost {
  const tokens = tokensOf(bytes, config);
  return {
    measuredCalls: calls,
    bytes,
    meanBytes: bytes / calls,
    p95Bytes: sketch.quantile(0.95),
    maxBytes,
    tokens,
    tokensPerCall: tokens / calls,
    prices: pricesOf(tokens, config),
  };
}

/** Most tokens first; where none are known, most processor, then most time. */
export function dearestFirst(a: ToolCost, b: ToolCost): number {
  return (
    (b.results?.tokens ?? 0) - (a.results?.tokens ?? 0) ||
    (b.cpu?.seconds ?? 0) - (a.cpu?.seconds ?? 0) ||
    b.totalMs - a.totalMs
  );
}
