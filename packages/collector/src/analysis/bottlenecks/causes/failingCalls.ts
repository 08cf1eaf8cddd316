/** Calls fail: the E of rate, errors and duration. What they took was for nothing, and callers try again. */
import { clarity, clarityOfCount, confidenceOf, severityOf } from '../clarity.ts';
import { sum } from '../picture/numbers.ts';
import type { Picture } from '../picture/picture.ts';
import { type Candidate, evidence, known } from './candidate.ts';

const MIN_CALLS = 20;

/** Per cent of a tool's calls at which it is medium, high and critical. */
const PERCENT_LIMITS = [5, 20, 50] as const;

const REMARK_PERCENT = 2;

export function failingCalls(picture: Picture): Candidate[] {
  return picture.tools.flatMap(({ tool, errors, totalCalls }) => {
    const failed = sum(errors);
    const percent = (100 * failed) / totalCalls;
    const confidence = confidenceOf(
      totalCalls < MIN_CALLS ? 0 : clarityOfCount(failed, 3),
      clarity(percent, REMARK_PERCENT, 2 * PERCENT_LIMITS[0]),
    );
    return [
      {
        cause: 'failing_calls',
        title: 'Calls fail',
        severity: severityOf(percent, PERCENT_LIMITS),
        confidence,
        // How long failed calls took is not kept apart.
        shareOfTimePercent: null,
        tools: [tool],
        evidence: known(evidence('calls that failed', percent, '%'), evidence('failed', failed, 'calls')),
        advice: ['Look at the recent errors of the tool, by class and code, and at what changed when they began.'],
      } satisfies Candidate,
    ];
  });
}
