/** What acts upon servers: policies, benchmarks, and the thread, the newest windows and the audit log that they work with. */
import { RULES } from '../analysis/optimise/rules.ts';
import { createAnalysisThread } from '../analysis/workerThread.ts';
import { createAuditLog } from '../audit/auditLog.ts';
import { createBenchmarks } from '../baseline/benchmark/service.ts';
import { createOptimizations } from '../control/service.ts';
import { createRecent } from '../live/recent.ts';
import { Secrets } from '../notify/secrets.ts';
import { VERSION } from '../version.ts';
import { type Context, nameWithin } from './context.ts';

/** What acts upon servers, and what it is judged by. */
export function joinActions({ config, deps: { clock }, teardown, opened }: Context) {
  const { store, share } = opened;
  const thread = createAnalysisThread(clock);
  teardown.add(() => thread.close());
  const recent = createRecent({ clock, storedName: nameWithin(config), maxMb: config.analysis.recentMb });
  const audit = createAuditLog({ store, clock });
  const optimizations = createOptimizations({
    store,
    share,
    clock,
    config,
    audit,
    plan: (request) => thread.run('planOptimization', request),
    judge: (request) => thread.run('judgePolicy', request),
    goodputLossPercent: (strategy) => RULES[strategy].goodputLossPercent,
  });
  const secrets = new Secrets();
  const resolveSecret = (text: string) => secrets.resolve(text);
  const benchmarks = createBenchmarks({ store, config, clock, audit, resolveSecret, version: VERSION });
  teardown.add(() => benchmarks.close());
  return { thread, recent, audit, optimizations, benchmarks };
}
