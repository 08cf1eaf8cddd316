/**
 * What changed between two baselines, tool by tool. "Worse" and "better" are said of a change that is certain to be beyond the
 * tolerance: with the wanted confidence for all that is said together (Holm), so that twenty tools raise no more false alarms
 * than one. What could not have been found with so few calls is not called unchanged.
 */
import type { ComparisonVerdict } from '../../model/comparison.ts';
import { zOfUpperTail } from '../../model/normal.ts';
import { type Baseline, failureCount, successCount, type ToolRun } from '../baseline.ts';
import {
  callsNeeded,
  differenceInterval,
  type Evidence,
  evidenceOf,
  leastShown,
  scaledDifference,
} from './difference.ts';
import { differentConditions } from './differentConditions.ts';
import { isWorthComparing, type MeasureOptions, type MetricName, measuresOf } from './measures.ts';

export interface CompareOptions extends MeasureOptions {
  /** Per cent, e.g. 99: how sure it has to be that nothing called worse is as it was. */
  confidencePercent: number;
}

export interface BaselineComparison {
  tools: ToolChange[];
  /** Tools that only one of the two has measured. */
  onlyBefore: string[];
  onlyNow: string[];
  /** What differs about how the two were measured, in words. */
  warnings: string[];
  isWorse: boolean;
}

export interface ToolChange {
  tool: string;
  /** Failed ones included. */
  calls: [before: number, now: number];
  metrics: MetricChange[];
}

export interface MetricChange {
  metric: MetricName;
  /** Milliseconds; of errors per cent. */
  before: number;
  now: number;
  /** Per cent of `before`; of errors points. Above 0 is worse. */
  change: number;
  /** What the change is best told in: of quantiles so short that only the floor of milliseconds counts, a share is noise. */
  toldIn: 'percent' | 'ms' | 'points';
  /** Between what the change lies; null where there is no end. */
  changeInterval: [low: number | null, high: number | null];
  verdict: ComparisonVerdict;
  /** How sure a verdict of worse or better is, in per cent, all that is said taken together; else null. */
  confidencePercent: number | null;
  /** The smallest change for the worse that would most likely have been found, as `change`; null when none would. */
  leastShown: number | null;
  /** Of an unknown verdict: how many calls each side lacks, about. */
  callsMissing: number | null;
}

export function compareBaselines(before: Baseline, now: Baseline, options: CompareOptions): BaselineComparison {
  const earlier = new Map(before.tools.map((run) => [run.tool, run]));
  const later = new Map(now.tools.map((run) => [run.tool, run]));
  const pairs = now.tools.flatMap((run) => {
    const other = earlier.get(run.tool);
    return other === undefined ? [] : [{ before: other, now: run }];
  });
  const tools = judge(pairs, options);
  return {
    tools,
    onlyBefore: [...earlier.keys()].filter((tool) => !later.has(tool)),
    onlyNow: [...later.keys()].filter((tool) => !earlier.has(tool)),
    warnings: differentConditions(before, now),
    isWorse: tools.some(({ metrics }) => metrics.some(({ verdict }) => verdict === 'worse')),
  };
}

interface Pair {
  before: ToolRun;
  now: ToolRun;
}

function judge(pairs: readonly Pair[], options: CompareOptions): ToolChange[] {
  const evidence = pairs.map((pair) => measuresOf(pair.before, pair.now, options).map(evidenceOf));
  const all = evidence.flat().filter(({ measure }) => isWorthComparing(measure));
  const risk = 1 - options.confidencePercent / 100;
  const context: Context = {
    worse: adjusted(all, ({ pWorse }) => pWorse),
    better: adjusted(all, ({ pBetter }) => pBetter),
    risk,
    z: zOfUpperTail(risk / Math.max(1, all.length)),
  };
  return pairs.map((pair, i) => ({
    tool: pair.now.tool,
    calls: [callsOf(pair.before), callsOf(pair.now)],
    metrics: evidence[i]!.map((each) => metricChange(each, context)),
  }));
}

function callsOf(run: ToolRun): number {
  return successCount(run) + failureCount(run);
}

interface Context {
  worse: ReadonlyMap<Evidence, number>;
  better: ReadonlyMap<Evidence, number>;
  risk: number;
  /** Where the risk ends, shared by all that is compared. */
  z: number;
}

/** Likelihoods as they are when that many are looked at: by Holm's method. */
function adjusted(all: readonly Evidence[], likelihoodOf: (evidence: Evidence) => number): Map<Evidence, number> {
  const smallestFirst = [...all].sort((a, b) => likelihoodOf(a) - likelihoodOf(b));
  let largest = 0;
  return new Map(
    smallestFirst.map((each, i) => {
      largest = Math.max(largest, Math.min(1, likelihoodOf(each) * (all.length - i)));
      return [each, largest];
    }),
  );
}

function metricChange(evidence: Evidence, context: Context): MetricChange {
  const { measure } = evidence;
  const { metric, from, to, changeOf, toldIn } = measure;
  const shown = leastShown(measure, context.z);
  const interval = differenceInterval(measure, context.z);
  const verdict = verdictOf(evidence, context, shown);
  const likelihood = verdict === 'worse' ? context.worse : verdict === 'better' ? context.better : undefined;
  return {
    metric,
    before: from.value,
    now: to.value,
    toldIn,
    change: changeOf(scaledDifference(measure)),
    changeInterval: [finite(changeOf(interval[0])), finite(changeOf(interval[1]))],
    verdict,
    confidencePercent: likelihood === undefined ? null : 100 * (1 - likelihood.get(evidence)!),
    leastShown: finite(changeOf(shown)),
    callsMissing:
      verdict === 'unknown' ? Math.max(1, callsNeeded(measure, context.z) - Math.min(from.calls, to.calls)) : null,
  };
}

function verdictOf(evidence: Evidence, { worse, better, risk }: Context, shown: number): ComparisonVerdict {
  if ((worse.get(evidence) ?? 1) < risk) return 'worse';
  if ((better.get(evidence) ?? 1) < risk) return 'better';
  return isWorthComparing(evidence.measure) && shown <= evidence.measure.mustShow ? 'same' : 'unknown';
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
