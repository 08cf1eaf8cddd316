/** What follows from the evidence: how many instances, or why that cannot be told. */
import type { Estimate, ReplicaVerdict } from '../../model/replicas.ts';
import { type Demand, demandOf } from './demand.ts';
import type { ReplicaEvidence } from './evidence.ts';

/** By how much the busiest hour grows, and how many days ahead that is told for. */
export interface Growth extends Estimate {
  daysAhead: number;
}

export interface ReplicaOptions {
  /** Of one core, 0 to 1. */
  targetUtilisation: number;
  growth?: Growth | undefined;
  /** Something else than a processor that calls were found to wait for, in words of ours. */
  waitsFor?: string | undefined;
}

export const MIN_MINUTES = 240;
export const MIN_CALLS = 500;
/** Calls under way together take so much longer than alone that they wait for each other. */
export const WAITING_FACTOR = 1.5;
const MIN_OVERLAPPED = 50;
/** Calls whose duration is processor to this share wait for that and for nothing else. */
const PROCESSOR_SHARE = 0.5;

/** What is missing for a recommendation. */
export type Missing = 'no_instance' | 'no_processor' | 'few_minutes' | 'few_calls' | 'no_line';

export interface Conclusion {
  verdict: ReplicaVerdict;
  missing?: Missing;
  demand: Demand | undefined;
  peak: Estimate;
  recommended: Estimate | undefined;
}

export function conclude(evidence: ReplicaEvidence, options: ReplicaOptions): Conclusion {
  const { instances, minutes } = evidence;
  const peak = peakOf(evidence, options.growth);
  const missing = missingOf(evidence);
  const demand = missing === undefined ? demandOf(minutes) : undefined;
  const base = { demand, peak, recommended: undefined };
  if (missing !== undefined) return { ...base, verdict: 'not_enough_data', missing };
  const waits = waitsForElse(evidence, demand, options);
  if (demand === undefined) {
    return waits ? { ...base, verdict: 'would_not_help' } : { ...base, verdict: 'not_enough_data', missing: 'no_line' };
  }
  const recommended = instancesFor(demand, peak, instances, options.targetUtilisation);
  if (recommended.value > instances) return { demand, peak, recommended, verdict: 'add' };
  if (waits) return { ...base, verdict: 'would_not_help' };
  // One too many costs less than one too few: what is taken away must not be needed at the upper end either.
  if (recommended.high < instances) {
    const kept = { ...recommended, value: recommended.high };
    return { demand, peak, recommended: kept, verdict: 'remove' };
  }
  return { demand, peak, recommended: { ...recommended, value: instances }, verdict: 'keep' };
}

/** What it uses is known a minute later than its calls; after so many without, it does not report it. */
const MINUTES_UNTIL_REPORTED = 5;

function missingOf({ instances, reportsCpu, calledMinutes, minutes, calls }: ReplicaEvidence): Missing | undefined {
  if (instances === 0) return 'no_instance';
  if (!reportsCpu && calledMinutes >= MINUTES_UNTIL_REPORTED) return 'no_processor';
  if (minutes.length < MIN_MINUTES) return 'few_minutes';
  return calls < MIN_CALLS ? 'few_calls' : undefined;
}

function waitsForElse(
  { slowdown }: ReplicaEvidence,
  demand: Demand | undefined,
  { waitsFor }: ReplicaOptions,
): boolean {
  if (waitsFor !== undefined) return true;
  if (slowdown === undefined || slowdown.calls < MIN_OVERLAPPED || slowdown.factor < WAITING_FACTOR) return false;
  return 1000 * (demand?.perCall.value ?? 0) < PROCESSOR_SHARE * slowdown.aloneMs;
}

/** The busiest minute, in a week's busiest hour as uneven as in yesterday's, and as much busier as is forecast. */
function peakOf({ busiestMinute, busyMinute, busiestHour }: ReplicaEvidence, growth: Growth | undefined): Estimate {
  const ofWeek = busiestHour.day > 0 ? Math.max(1, busiestHour.week / busiestHour.day) : 1;
  const { value, low, high } = growth ?? { value: 1, low: 1, high: 1 };
  return { value: busiestMinute * ofWeek * value, low: busyMinute * ofWeek * low, high: busiestMinute * ofWeek * high };
}

function instancesFor({ perCall, idleCores }: Demand, peak: Estimate, instances: number, target: number): Estimate {
  // An instance that needs more than the target by itself leaves nothing for calls: half of a core still counts as room.
  const room = Math.max(target / 2, target - idleCores / instances);
  const needed = (rate: number, seconds: number) => Math.max(1, Math.ceil((rate * seconds) / room));
  return {
    value: needed(peak.value, perCall.value),
    low: needed(peak.low, perCall.low),
    high: needed(peak.high, perCall.high),
  };
}
