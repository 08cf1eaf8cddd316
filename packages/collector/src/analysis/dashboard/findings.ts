/** Bottlenecks, as the dashboard shows them, and what they mean for the number of instances. */
import type { ShownFinding } from '../../model/analysisDashboard.ts';
import type { Bottleneck, BottleneckCause } from '../../model/bottleneck.ts';
import { HOUR_MS } from '../../model/rollup.ts';
import type { Bottlenecks } from '../../serve/ports/analyses.ts';
import type { TimeRange } from '../../store/store.ts';

export async function readFindings(
  bottlenecks: Bottlenecks,
  range: TimeRange,
  server: string | undefined,
): Promise<ShownFinding[]> {
  const { findings } = await bottlenecks.analyze({ ...range, server });
  return findings.map(shownFinding);
}

function shownFinding({ shareOfTimePercent, advice, ...found }: Bottleneck): ShownFinding {
  const { cause, title, severity, confidence, server, tools, clients, evidence } = found;
  const shown = { cause, title, severity, confidence, server, tools, clients, evidence };
  return { ...shown, sharePercent: shareOfTimePercent, action: advice.join(' ') };
}

/** Causes that another process would bring along, or ask for more of. */
const SHARED: Readonly<Partial<Record<BottleneckCause, string>>> = {
  lock: 'a lock',
  small_pool: 'a pool that is too small',
  slow_dependency: 'a slow dependency',
};

/** What calls wait for instead of a processor, by server, of those where that was found in the last hour. */
export async function readWaitsFor(
  bottlenecks: Bottlenecks,
  server: string | undefined,
  nowMs: number,
): Promise<Map<string, string>> {
  const found = await readFindings(bottlenecks, { fromMs: nowMs - HOUR_MS, toMs: nowMs }, server);
  // The gravest comes first, and is the one that is named.
  const pairs = found.toReversed().flatMap((finding): [string, string][] => {
    const words = SHARED[finding.cause];
    return words === undefined ? [] : [[finding.server, words]];
  });
  return new Map(pairs);
}
