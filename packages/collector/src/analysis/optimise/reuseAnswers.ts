/**
 * Answers given again, and calls answered together, for the tool that most of the time goes to, where the processor is short. The
 * server does it only for tools that are read-only and idempotent. How often arguments repeat is not measured, because
 * arguments are nobody's business: what it would save is not told.
 */
import type { ServerEvidence } from '../../model/optimization/evidence.ts';
import type { PlannedAction } from '../../model/optimization/plan.ts';
import { untold } from './limitConcurrency.ts';
import type { Rules } from './rules.ts';

const BUSY_CPU_PERCENT = 50;
const DOMINANT_SHARE = 0.3;
/** Shorter calls cost less than looking them up saves. */
const MIN_MEAN_MS = 5;
/** Share of the calls that began while others of the tool were under way. */
const OVERLAPPING_SHARE = 0.2;

const CACHE = { maxEntries: 1_000, maxBytes: 16 * 1_048_576 } as const;
const UNTOLD = untold('cpu', 'How often arguments repeat is not measured.');

type Proposed = Omit<PlannedAction, 'isPermitted'>;

export function reuseAnswers({ tools, resources }: ServerEvidence, rules: Rules): Proposed[] {
  if (resources === undefined || resources.cpuPercentAvg < BUSY_CPU_PERCENT) return [];
  const totalMs = tools.reduce((sum, { sumMs }) => sum + sumMs, 0);
  return tools
    .filter(({ sumMs, calls }) => sumMs >= DOMINANT_SHARE * totalMs && sumMs >= MIN_MEAN_MS * calls)
    .flatMap(({ tool, sumMs, calls, levels }): Proposed[] => {
      const overlapping = levels.filter(({ least }) => least > 1).reduce((sum, level) => sum + level.calls, 0) / calls;
      const evidence = {
        sharePercent: (100 * sumMs) / totalMs,
        meanMs: sumMs / calls,
        cpuPercent: resources.cpuPercentAvg,
        overlappingPercent: 100 * overlapping,
      };
      const common = { tool, isAutomatic: true, evidence, effects: [UNTOLD] };
      const share = `${Math.round(evidence.sharePercent)} % of the time goes to this tool`;
      const actions: Proposed[] = [];
      if (rules.coalesces && overlapping >= OVERLAPPING_SHARE)
        actions.push({
          ...common,
          control: 'coalesce',
          settings: { coalesce: {} },
          why: `${share}, and its calls overlap: the same question asked twice at once would be answered once.`,
        });
      if (rules.cacheSeconds > 0)
        actions.push({
          ...common,
          control: 'cache',
          settings: { cache: { ttlMs: 1_000 * rules.cacheSeconds, ...CACHE } },
          why: `${share}: an answer would be good for ${rules.cacheSeconds} s.`,
        });
      return actions;
    });
}
