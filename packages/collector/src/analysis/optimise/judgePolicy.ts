/**
 * Whether a policy has made things better or worse. The target is compared, and whatever the target is, calls that are no longer
 * answered count: a policy that is quick because it refuses everybody is a bad one.
 */
import type {
  ComparedTool,
  Judgement,
  JudgeRequest,
  MeasuredChange,
  SliceFigures,
  Verdict,
} from '../../model/optimization/judgement.ts';
import { type Pairing, pairAtLikeLoad } from './likeLoad.ts';
import { answeredQuantile, cpuPerCallOf, goodputOf, okShareOf } from './measures.ts';
import { logRatioOf, type Statistic } from './resample.ts';

/** Of fewer calls or slices on a side nothing is concluded. */
const MIN_CALLS = 30;
const MIN_SLICES = 3;
/** Of fewer, the slowest hundredth is a call or two. */
const MIN_P99_CALLS = 300;
/** Where calls are not what is to get quicker, they may get slower by this. */
const SLOWER_PERCENT = 25;
const Z_95 = 1.96;

export function judgePolicy(request: JudgeRequest): Judgement {
  const changes = request.tools.filter(isEnough).flatMap((tool) => changesOf(tool, request));
  return { verdict: together(changes), changes };
}

function isEnough({ before, after }: ComparedTool): boolean {
  return [before, after].every((side) => side.length >= MIN_SLICES && callsOf(side) >= MIN_CALLS);
}

function callsOf(slices: readonly SliceFigures[]): number {
  return slices.reduce((sum, { ok, failed }) => sum + ok + failed, 0);
}

/** Worse in one respect is worse; better is what is better in one and worse in none. */
function together(changes: readonly MeasuredChange[]): Verdict {
  const verdicts = changes.map(({ verdict }) => verdict);
  if (verdicts.includes('worse')) return 'worse';
  if (verdicts.length === 0 || verdicts.includes('unknown')) return 'unknown';
  return verdicts.includes('better') ? 'better' : 'same';
}

function changesOf({ tool, before, after }: ComparedTool, request: JudgeRequest): MeasuredChange[] {
  const pairing = pairAtLikeLoad(before, after);
  const { target, goodputLossPercent, tolerancePercent } = request;
  const judged = (measure: Measure) => changeOf(tool, pairing, measure, request.z);
  const isServer = tool === '';
  const efficiency =
    isServer &&
    target === 'efficiency' &&
    judged({
      metric: 'cpu_per_call',
      statistic: cpuPerCallOf,
      isGreaterBetter: false,
      tolerancePercent,
    });
  const latency =
    !isServer && judged(latencyMeasure(before, after, target === 'latency' ? tolerancePercent : SLOWER_PERCENT));
  const goodput = !isServer && judged(goodputMeasure(pairing, tolerancePercent + goodputLossPercent));
  return [efficiency, latency, goodput].filter((change) => change !== false && change !== undefined);
}

interface Measure {
  metric: MeasuredChange['metric'];
  statistic: Statistic;
  /** What is shown, where it is another one than is compared. */
  shown?: Statistic;
  isGreaterBetter: boolean;
  tolerancePercent: number;
}

function latencyMeasure(
  before: readonly SliceFigures[],
  after: readonly SliceFigures[],
  tolerancePercent: number,
): Measure {
  const isMany = Math.min(callsOf(before), callsOf(after)) >= MIN_P99_CALLS;
  const q = isMany ? 0.99 : 0.9;
  return {
    metric: isMany ? 'p99' : 'p90',
    statistic: (slices) => answeredQuantile(slices, q),
    isGreaterBetter: false,
    tolerancePercent,
  };
}

/** At like load it is the share that is answered; else the answers a second, of callers that want as many at once. */
function goodputMeasure({ basis }: Pairing, tolerancePercent: number): Measure {
  return {
    metric: 'goodput',
    statistic: basis === 'like_load' ? okShareOf : goodputOf,
    shown: goodputOf,
    isGreaterBetter: true,
    tolerancePercent,
  };
}

function changeOf(tool: string, pairing: Pairing, measure: Measure, z: number): MeasuredChange | undefined {
  const { before, after, basis } = pairing;
  const ratio = logRatioOf(before, after, measure.statistic);
  if (ratio === undefined) return undefined;
  const percent = (log: number) => 100 * Math.expm1(log);
  const shown = measure.shown ?? measure.statistic;
  // As what is worse: positive.
  const worse = measure.isGreaterBetter ? -ratio.value : ratio.value;
  const reach = z * ratio.error;
  const told =
    worse - reach > Math.log1p(measure.tolerancePercent / 100) ? 'worse' : worse + reach < 0 ? 'better' : 'same';
  return {
    tool,
    metric: measure.metric,
    before: shown(before),
    after: shown(after),
    changePercent: percent(ratio.value),
    interval: [percent(ratio.value - Z_95 * ratio.error), percent(ratio.value + Z_95 * ratio.error)],
    basis,
    verdict: believed(told, measure.metric, pairing),
  };
}

/**
 * Where loads differ, only what they cannot explain is believed: slower or costlier although less is asked, better although
 * more is. Fewer answers are the policy's doing when as many are waited for as before, and nobody's when fewer are wanted.
 */
function believed(told: Verdict, metric: MeasuredChange['metric'], { basis, isLessWanted }: Pairing): Verdict {
  if (basis === 'more_load') return told === 'worse' ? 'unknown' : told;
  if (basis === 'like_load') return told;
  if (metric === 'goodput') return told === 'worse' && isLessWanted ? 'unknown' : told;
  return told === 'better' ? 'unknown' : told;
}
