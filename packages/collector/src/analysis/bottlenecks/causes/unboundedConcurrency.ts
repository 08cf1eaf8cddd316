/** Nothing limits how many calls are under way, and what they use gets less done the more there are. */
import { clarity, confidenceOf } from '../clarity.ts';
import type { Picture } from '../picture/picture.ts';
import { type Candidate, evidence } from './candidate.ts';
import { FASTER, waitingFinding, waitingTools } from './waiting.ts';

export function unboundedConcurrency(picture: Picture): Candidate[] {
  return waitingTools(picture)
    .filter(({ curve }) => curve.exponent >= FASTER)
    .map((waiting) => {
      const { curve, confidence } = waiting;
      const throughputs = curve.points.map(({ atOnce, meanMs }) => ({ atOnce, perSecond: (1_000 * atOnce) / meanMs }));
      const best = throughputs.reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
      const last = throughputs.at(-1)!;
      return waitingFinding(waiting, {
        cause: 'unbounded_concurrency',
        title: 'The more calls are under way, the fewer get done',
        confidence: confidenceOf(confidence, clarity(curve.exponent, FASTER, 1.7)),
        evidence: [
          evidence('most done with so many under way', best.atOnce),
          evidence('calls a second done then', best.perSecond, 'calls/s'),
          evidence('calls a second done with most under way', last.perSecond, 'calls/s'),
          evidence('most under way', last.atOnce),
        ],
        advice: [
          'Let only as many calls work at once as get most done (a semaphore; the tool optimize_resources can set and adapt such a limit).',
          'Refuse or queue what is beyond it, with a deadline: callers who wait too long ask again, and make it worse.',
          'Where one call asks for many things at once, ask for a few at a time.',
        ],
      });
    });
}
