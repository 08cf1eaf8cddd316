/** Optimizations whose analyses run here, without a thread. */
import { judgePolicy } from '../analysis/optimise/judgePolicy.ts';
import { planOptimization } from '../analysis/optimise/planOptimization.ts';
import { RULES } from '../analysis/optimise/rules.ts';
import { createAuditLog } from '../audit/auditLog.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { createOptimizations, type OptimizationService } from '../control/service.ts';
import { WHOLE_SHARE, type WorkShare } from '../model/workShare.ts';
import type { Store } from '../store/store.ts';

export function directOptimizations(
  store: Store,
  clock: Pick<Clock, 'nowMs'>,
  config: Pick<Config, 'optimization'>,
  share: WorkShare = WHOLE_SHARE,
): OptimizationService {
  return createOptimizations({
    store,
    share,
    clock,
    config,
    audit: createAuditLog({ store, clock }),
    plan: async (request) => planOptimization(request),
    judge: async (request) => judgePolicy(request),
    goodputLossPercent: (strategy) => RULES[strategy].goodputLossPercent,
  });
}
