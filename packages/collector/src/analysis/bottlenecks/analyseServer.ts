/** All that is to be said of one server, from its evidence. Pure; runs in the thread of the analyses. */
import type { Bottleneck, BottleneckCause } from '../../model/bottleneck.ts';
import { groupBy } from '../../model/groupBy.ts';
import type { Evidence } from './evidence/evidence.ts';
import { recentSights, storedSights } from './evidence/sights.ts';
import { findBottlenecks } from './findBottlenecks.ts';
import { callsOf, MIN_CALLS, notJudged } from './notJudged.ts';

export interface ServerAnalysis {
  calls: number;
  findings: Bottleneck[];
  /** What cannot be told of it, and why. */
  notJudged: string[];
}

export function analyseServer(evidence: Evidence): ServerAnalysis {
  const [recent, stored] = [recentSights(evidence), storedSights(evidence)];
  const all = [...recent, ...stored];
  const calls = callsOf(all);
  const findings = calls < MIN_CALLS ? [] : distinct([...findBottlenecks(recent), ...findBottlenecks(stored)]);
  return { calls, findings, notJudged: calls === 0 ? [] : notJudged(all) };
}

/** The state of the whole process; further tools that show it are no finding of their own. */
const OF_PROCESS: readonly BottleneckCause[] = ['cpu_bound', 'noisy_neighbour', 'memory_leak'];

/** What both windows and rows show, once: as the windows do, which see more. */
function distinct(findings: readonly Bottleneck[]): Bottleneck[] {
  const same = groupBy(findings, ({ cause, tools, clients }) =>
    OF_PROCESS.includes(cause) ? cause : [cause, tools[0], ...clients].join('\0'),
  );
  return [...same.values()].map(([first]) => first!);
}
