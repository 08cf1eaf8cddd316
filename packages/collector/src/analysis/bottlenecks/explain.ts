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

/** Rules that count only what was lost while the process was free: where that is most of it, it is a finding of its own. */
const OF_FREE_PROCESS: readonly BottleneckCause[] = ['lock', 'small_pool', 'unbounded_concurrency', 'slow_dependency'];

/** What is doubtful explains nothing that is surer than itself; from here on it is not doubtful. */
const CLEAR = 0.7;

/** What is about tools follows from what is about the same ones, or about the whole process. */
function brings(reason: Bottleneck, { cause, tools, shareOfTimePercent, confidence }: Bottleneck): boolean {
  if (!BRINGS[reason.cause]?.includes(cause)) return false;
  if (reason.confidence < Math.min(confidence, CLEAR)) return false;
  if (OF_FREE_PROCESS.includes(cause)) return (reason.shareOfTimePercent ?? 100) >= (shareOfTimePercent ?? 0);
  return reason.cause !== 'huge_results' || tools.length === 0 || tools.includes(reason.tools[0]!);
}

/** Most severe first, then what costs most, as far as that is sure. */
export function byWeight(a: Bottleneck, b: Bottleneck): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    surely(b.shareOfTimePercent ?? 0, b) - surely(a.shareOfTimePercent ?? 0, a) ||
    b.confidence - a.confidence
  );
}

const surely = (percent: number, { confidence }: Bottleneck) => percent * confidence;
