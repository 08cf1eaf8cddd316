/** One step on the way to saturation, in the figures that tell whether its rate was held. */
import type { Digest } from '@mcp-vitals/sketch';
import { failureCount, wholeDigest } from '../baseline.ts';
import type { Phase } from '../load/phase.ts';
import { perSecondOf } from './figures.ts';
import type { StepFigures } from './saturation.ts';

/** @param phase gathered in two rounds, its halves */
export function stepFigures(offeredPerSecond: number, phase: Phase): StepFigures {
  const digest = wholeDigest(phase);
  const [p50Ms, p95Ms] = [0.5, 0.95].map((q) => quantileOf(digest, q)) as [number | null, number | null];
  const [first, second] = [phase.rounds[0]?.digest, phase.rounds[1]?.digest];
  const answering = Math.max(phase.elapsedMs / 2, phase.elapsedMs - (p50Ms ?? 0));
  return {
    offeredPerSecond,
    answeredPerSecond: perSecondOf([phase]),
    expectedPerSecond: (offeredPerSecond * answering) / phase.elapsedMs,
    errorPercent: phase.calls === 0 ? 0 : (100 * failureCount(phase)) / phase.calls,
    p50Ms,
    p95Ms,
    halvesP50Ms: [quantileOf(first, 0.5), quantileOf(second, 0.5)],
    stoppedBecause: phase.stoppedBecause,
  };
}

function quantileOf(digest: Digest | undefined, q: number): number | null {
  return digest === undefined || digest.count === 0 ? null : digest.quantile(q);
}
