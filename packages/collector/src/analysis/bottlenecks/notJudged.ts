/** What cannot be told from the evidence there is, said so that nobody takes silence for health. */
import type { Sight } from './evidence/sight.ts';
import { sum } from './picture/numbers.ts';

/** Fewer calls than these show a pattern only by chance. */
export const MIN_CALLS = 30;

/** @param sights of one server */
export function callsOf(sights: readonly Sight[]): number {
  return sum(sights.flatMap(({ tools }) => tools.map(({ calls }) => sum(calls))));
}

/** @param sights of one server */
export function notJudged(sights: readonly Sight[]): string[] {
  const calls = callsOf(sights);
  if (calls < MIN_CALLS) return [`${calls} calls are too few to judge; it takes ${MIN_CALLS}.`];
  return GAPS.filter(({ isFilledBy }) => !sights.some(isFilledBy)).map(({ reason }) => reason);
}

const hasValues = (values: Float64Array) => values.some((value) => !Number.isNaN(value));

const GAPS: readonly { isFilledBy(sight: Sight): boolean; reason: string }[] = [
  {
    isFilledBy: ({ resources }) => hasValues(resources.cpuPercent),
    reason: 'Its use of the processor and of memory is not reported: causes in the process itself cannot be told.',
  },
  {
    isFilledBy: ({ resources }) => hasValues(resources.cpuWaitPercent),
    reason: 'Whether neighbours take the processor is known of the last 15 minutes only, and only on Linux.',
  },
  {
    isFilledBy: ({ tools }) => tools.some(({ sizedCalls }) => sum(sizedCalls) > 0),
    reason: 'Sizes of results are not measured; its author can switch that on (resultBytes).',
  },
  {
    isFilledBy: ({ tools, follows }) => follows.length > 0 || tools.some(({ bands }) => bands.length > 0),
    reason: 'How calls overlap and follow each other is not reported, or no call did.',
  },
];
