/**
 * Which findings follow from which: a process that is short of processor has long event-loop delays and slow calls too. What
 * follows from another finding is told with it, and not beside it, so that the first thing one reads is what to do first.
 */
import { type Bottleneck, type BottleneckCause, severityRank } from '../../model/bottleneck.ts';

/** What a cause brings about by itself. Where it is of medium severity or more, these are not told as findings. */
const BRINGS: Partial<Record<BottleneckCause, readonly BottleneckCause[]>> = {
  noisy_neighbour: ['blocked_event_loop', 'lock', 'small_pool', 'unbounded_concurrency', 'slow_dependency'],
  cpu_bound: ['blocked_event_loop', 'lock', 'small_pool', 'unbounded_concurrency', 'slow_dependency'],
  blocked_event_loop: ['lock', 'small_pool', 'unbounded_concurrency', 'slow_dependency'],
  huge_results: ['cpu_bound', 'blocked_event_loop'],
  memory_leak: ['blocked_event_loop'],
  unbounded_concurrency: ['failing_calls'],
};

/** Findings of one server, without those that follow from others, the most severe and costly first. */
export function explainedFindings(findings: readonly Bottleneck[]): Bottleneck[] {
  const isReason = (finding: Bottleneck) => severityRank(finding.severity) >= severityRank('medium');
  const reasonOf = (finding: Bottleneck) =>
    findings.find((other) => other !== finding && isReason(other) && brings(other, finding));
  return findings
    .filter((finding) => reasonOf(finding) === undefined)
    .map((finding) => ({
      ...finding,
      consequences: [
        ...new Set(
          findings
            .filter((other) => other !== finding && isReason(finding) && brings(finding, other))
            .map(({ cause }) => cause),
        ),
      ],
    }))
    .sort(byWeight);
}

/** What is about tools follows from what is about the same ones, or about the whole process. */
function brings(reason: Bottleneck, { cause, tools }: Bottleneck): boolean {
  if (!BRINGS[reason.cause]?.includes(cause)) return false;
  return reason.cause !== 'huge_results' || tools.length === 0 || tools.includes(reason.tools[0]!);
}

/** Most severe first, then what costs most, then the surest. */
export function byWeight(a: Bottleneck, b: Bottleneck): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    (b.shareOfTimePercent ?? 0) - (a.shareOfTimePercent ?? 0) ||
    b.confidence - a.confidence
  );
}
