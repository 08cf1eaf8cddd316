/**
 * Results are so large that making, writing and reading them is the work, and that a model can hardly use them: 4 bytes are
 * about a token, so 200 KB are 50,000 of them, a good part of what any model can read at once.
 */
import { clarity, clarityOfCount, confidenceOf, severityOf } from '../clarity.ts';
import { sum } from '../picture/numbers.ts';
import type { Picture } from '../picture/picture.ts';
import { type Candidate, evidence, known, sharePercent } from './candidate.ts';

const BYTES_PER_KB = 1_000;
const BYTES_PER_TOKEN = 4;

/** Mean of a tool's results at which it is medium, high and critical. */
const KB_LIMITS = [200, 1_000, 5_000] as const;

const REMARK_KB = 100;

export function hugeResults(picture: Picture): Candidate[] {
  const sized = picture.tools.map((tool) => ({ tool, bytes: sum(tool.resultBytes), calls: sum(tool.sizedCalls) }));
  const allBytes = sized.reduce((total, { bytes }) => total + bytes, 0);
  return sized.flatMap(({ tool, bytes, calls }) => {
    const meanKb = calls === 0 ? 0 : bytes / calls / BYTES_PER_KB;
    const confidence = confidenceOf(clarity(meanKb, REMARK_KB, 400), clarityOfCount(calls, 2));
    return [
      {
        cause: 'huge_results',
        title: 'Results are larger than callers can use',
        severity: severityOf(meanKb, KB_LIMITS),
        confidence,
        shareOfTimePercent: sharePercent(picture, tool.totalMs),
        tools: [tool.tool],
        evidence: known(
          evidence('mean size of a result', meanKb, 'KB'),
          evidence('tokens a result is, about', (meanKb * BYTES_PER_KB) / BYTES_PER_TOKEN),
          evidence('part of all bytes', (100 * bytes) / allBytes, '%'),
          evidence('duration', tool.meanMs, 'ms'),
        ),
        advice: [
          'Return a page with a limit and a cursor, and the fields that are asked for.',
          'Return a link to a resource where the whole is wanted, or a summary with the numbers that matter.',
        ],
      } satisfies Candidate,
    ];
  });
}
