/** Bottlenecks, as the dashboard shows them, and what they mean for the number of instances. */

import type { EvidenceFigure, ShownFinding } from '../../model/analysisDashboard.ts';
import { HOUR_MS } from '../../model/rollup.ts';
import type { TimeRange } from '../../store/store.ts';

/** What is needed of the analysis of bottlenecks. */
export interface BottleneckSource {
  analyze(request: TimeRange & { server?: string | undefined }): Promise<{ findings: readonly FoundBottleneck[] }>;
}

interface FoundBottleneck {
  cause: string;
  title: string;
  severity: ShownFinding['severity'];
  confidence: number;
  shareOfTimePercent: number | null;
  server: string;
  tools: readonly string[];
  clients: readonly string[];
  evidence: readonly EvidenceFigure[];
  advice: readonly string[];
}

export async function readFindings(
  { analyze }: BottleneckSource,
  range: TimeRange,
  server: string | undefined,
): Promise<ShownFinding[]> {
  return (await analyze({ ...range, server })).findings.map(({ shareOfTimePercent, advice, ...found }) => {
    return { ...found, sharePercent: shareOfTimePercent, action: advice.join(' ') };
  });
}

/** Causes that another process would bring along, or ask for more of. */
const SHARED: Readonly<Record<string, string>> = {
  lock: 'a lock',
  small_pool: 'a pool that is too small',
  slow_dependency: 'a slow dependency',
};

/** What calls wait for instead of a processor, by server, of those where that was found in the last hour. */
export async function readWaitsFor(
  source: BottleneckSource,
  server: string | undefined,
  nowMs: number,
): Promise<Map<string, string>> {
  const found = await readFindings(source, { fromMs: nowMs - HOUR_MS, toMs: nowMs }, server);
  // The gravest comes first, and is the one that is named.
  const pairs = found.toReversed().flatMap((finding): [string, string][] => {
    const words = SHARED[finding.cause];
    return words === undefined ? [] : [[finding.server, words]];
  });
  return new Map(pairs);
}
