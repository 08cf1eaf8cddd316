/** Why so many instances, in sentences with the numbers that they follow from. */
import type { Estimate } from '../../model/replicas.ts';
import { significant } from '../../model/significant.ts';
import { type Conclusion, MIN_CALLS, MIN_MINUTES, type Missing, type ReplicaOptions } from './conclusion.ts';
import type { ReplicaEvidence } from './evidence.ts';

export function reasonsOf(evidence: ReplicaEvidence, conclusion: Conclusion, options: ReplicaOptions): string[] {
  const { verdict, missing } = conclusion;
  if (missing !== undefined) return [MISSING[missing](evidence)];
  const facts = factsOf(evidence, conclusion, options);
  switch (verdict) {
    case 'add':
      return [...facts, 'If calls wait for something that all instances share, it will be asked for more.'];
    case 'remove':
      return [...facts, 'Keep two where one that fails must not be noticed.'];
    case 'would_not_help':
      return [...facts, waitingWords(evidence, options)];
    default:
      return facts;
  }
}

const MISSING: Readonly<Record<Missing, (evidence: ReplicaEvidence) => string>> = {
  no_instance: () => 'No instance has reported in the last two minutes.',
  no_processor: () => 'It does not report its processor: monitor it with the SDK, or run it through `mcp-vitals wrap`.',
  few_minutes: ({ minutes }) =>
    `Its processor is known for ${minutes.length} minutes of the last day; ${MIN_MINUTES} are needed.`,
  few_calls: ({ calls }) => `It had ${calls} calls in the last day; ${MIN_CALLS} are needed.`,
  no_line: () =>
    'Its processor does not follow its calls: either the load was always the same, or it works for something else.',
};

function factsOf({ instances }: ReplicaEvidence, { demand, peak, recommended }: Conclusion, options: ReplicaOptions) {
  const { growth, targetUtilisation } = options;
  const when = growth === undefined ? 'The peak was' : `In the next ${growth.daysAhead} days the peak is about`;
  const facts = [`${when} ${estimate(peak)} calls/s.`];
  if (demand === undefined)
    return [...facts, 'The processor does not follow the calls, so it is not what limits them.'];
  const { value, low, high } = demand.perCall;
  facts.push(`A call needs ${estimate({ value: 1000 * value, low: 1000 * low, high: 1000 * high })} ms of processor.`);
  if (recommended !== undefined) {
    const percent = significant(100 * targetUtilisation);
    facts.push(
      `At ${percent} % of a core each that takes ${range(recommended)}; ${significant(instances)} ${instances === 1 ? 'is' : 'are'} alive.`,
    );
  }
  return facts;
}

function waitingWords({ slowdown }: ReplicaEvidence, { waitsFor }: ReplicaOptions): string {
  const longer =
    slowdown === undefined
      ? ''
      : ` Calls of a tool that are under way together take ${significant(slowdown.factor)} times as long as alone (${slowdown.calls} calls).`;
  const what = waitsFor ?? 'something else, e.g. a lock, a pool of connections or another service';
  return `There is processor left: calls wait for ${what}.${longer} More instances help only if each brings its own of that.`;
}

function estimate({ value, low, high }: Estimate): string {
  return significant(low) === significant(high)
    ? significant(value)
    : `${significant(value)} (${significant(low)} to ${significant(high)})`;
}

function range({ low, high }: Estimate): string {
  if (low === high) return `${low} ${low === 1 ? 'instance' : 'instances'}`;
  return `${low} to ${high} instances`;
}
