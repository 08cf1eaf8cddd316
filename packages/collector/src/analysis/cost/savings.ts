/**
 * What could be saved, and what has to be so for that. The numbers are of the range as it was, not of the future, and upper
 * bounds where the assumption says "if no".
 */
import type { Saving, ToolCost } from '../../model/cost.ts';
import type { ServerEvidence, Sizes } from './evidence.ts';
import { type CostConfig, pricesOf, tokensOf } from './prices.ts';

/** Fewer calls are no habit. */
const MIN_CALLS = 20;
/** Less than this share of a tool's tokens is not worth anybody's time. */
const MIN_SHARE = 0.1;
/** A cache pays for what takes its time and is asked for often. */
const MIN_CACHED_CALLS = 200;
const MIN_CACHED_MEAN_MS = 20;
/** Of the time of its server. */
const MIN_CACHED_SHARE = 0.1;
/** Whether calls repeat each other is not known, because arguments are never looked at: what each tenth would save. */
const REPEATED_SHARE = 0.1;

/** @param tools of the server of `evidence` */
export function savingsOf(evidence: ServerEvidence, tools: readonly ToolCost[], config: CostConfig): Saving[] {
  const sizes = new Map(evidence.sizes.map((size) => [size.name, size]));
  const serverMs = tools.reduce((sum, { totalMs }) => sum + totalMs, 0);
  const ofTools = tools.flatMap((tool) => [
    ...sizeSaving(tool, sizes.get(tool.tool), config),
    ...(isWorthCaching(tool, serverMs) ? [cachingSaving(tool)] : []),
  ]);
  const isMeasured = evidence.sizes.length > 0;
  return tools.length > 0 && !isMeasured ? [...ofTools, measuring(evidence.server)] : ofTools;
}

/** Most tokens first, then most processor, then most time; what is to be measured comes last. */
export function savesMostFirst(a: Saving, b: Saving): number {
  return b.tokens - a.tokens || b.cpuSeconds - a.cpuSeconds || b.totalMs - a.totalMs;
}

function sizeSaving({ server, tool }: ToolCost, sizes: Sizes | undefined, config: CostConfig): Saving[] {
  if (sizes === undefined || sizes.calls < MIN_CALLS) return [];
  const { pageTokens } = config;
  const pageBytes = pageTokens * config.bytesPerToken;
  const savedBytes = bytesAbove(sizes, pageBytes);
  if (savedBytes < MIN_SHARE * sizes.bytes) return [];
  const isUsual = sizes.sketch.quantile(0.5) > pageBytes;
  const tokens = tokensOf(savedBytes, config);
  return [
    {
      kind: isUsual ? 'smaller_results' : 'paging',
      server,
      tool,
      tokens,
      prices: pricesOf(tokens, config),
      ...{ cpuSeconds: 0, totalMs: 0 },
      assumption: `If no result had more than ${pageTokens} tokens and nobody asked for the rest.`,
      action: isUsual
        ? 'Most results are larger than that: answer with fewer fields or a summary, and the whole on request.'
        : 'Few results are larger than that: answer page by page, with a cursor for the next.',
    },
  ];
}

/** What results have beyond a size, added up; right to the width of the sketch's clusters. */
function bytesAbove({ sketch }: Sizes, limitBytes: number): number {
  let bytes = 0;
  sketch.forEach((meanBytes, calls) => {
    if (meanBytes > limitBytes) bytes += calls * (meanBytes - limitBytes);
  });
  return bytes;
}

function isWorthCaching({ calls, meanMs, totalMs }: ToolCost, serverMs: number): boolean {
  return calls >= MIN_CACHED_CALLS && meanMs >= MIN_CACHED_MEAN_MS && totalMs >= MIN_CACHED_SHARE * serverMs;
}

function cachingSaving({ server, tool, cpu, totalMs }: ToolCost): Saving {
  return {
    kind: 'caching',
    server,
    tool,
    // The model reads the answer wherever it comes from.
    ...{ tokens: 0, prices: {} },
    cpuSeconds: REPEATED_SHARE * (cpu?.seconds ?? 0),
    totalMs: REPEATED_SHARE * totalMs,
    assumption: `If ${100 * REPEATED_SHARE} % of its calls repeated an earlier one; how many do is not known, because arguments are not looked at.`,
    action: 'If it only reads: keep its answers for a while, or permit the control "cache".',
  };
}

function measuring(server: string): Saving {
  return {
    kind: 'measure_results',
    server,
    tool: '',
    ...{ tokens: 0, prices: {}, cpuSeconds: 0, totalMs: 0 },
    assumption: 'Its results are not measured, so nothing can be said about tokens.',
    action:
      'Set `resultBytes: true` in withMonitoring, or MCP_VITALS_RESULT_BYTES=1; each result is then written as JSON once more.',
  };
}
