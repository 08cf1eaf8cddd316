/**
 * What moves together, and which first. Whatever grows or repeats by day correlates with all else that does, so it is taken out before;
 * ranks keep single outliers from making a correlation.
 *
 * Two series that are each smooth correlate by chance more often than independent values: what n steps are worth is n divided by the sum of the
 * products of their autocorrelations (Bartlett 1946; Bretherton et al. 1999, Journal of Climate 12, 1990-2009). The best of many lags is
 * no single try, and counts as all of them (Bonferroni). Of all pairs, those are told among which a twentieth at most is false, see
 * `falseShares`.
 */
import { twoSidedPValue } from '../../model/normal.ts';
import type { Correlation, TrendColumn } from '../../model/trends.ts';

const MAX_FALSE_SHARE = 0.05;
/** Weaker ones are of no use, however certain. */
const MIN_COEFFICIENT = 0.3;
const MIN_STEPS = 30;
const MAX_TOLD = 20;

export interface Deseasonalised extends Pick<TrendColumn, 'server' | 'tool' | 'metric'> {
  /** Without level and profile; NaN where there is no value. */
  rest: Float64Array;
}

/** @param maxLag in steps, to either side @returns the strongest first */
export function correlationsOf(series: readonly Deseasonalised[], stepMs: number, maxLag: number): Correlation[] {
  const ranked = series.map(({ rest }) => standardised(ranksOf(rest)));
  const memories = ranked.map((ranks) => autocorrelations(ranks, Math.min(ranks.length >> 2, MAX_MEMORY)));
  const found: Omit<Correlation, 'falseShare'>[] = [];
  for (const [i, a] of series.entries()) {
    for (let j = i + 1; j < series.length; j++) {
      if (isPartOfOther(a, series[j]!)) continue;
      const best = strongestLag(ranked[i]!, ranked[j]!, jointMemory(memories[i]!, memories[j]!), maxLag);
      if (best === undefined) continue;
      const { lag, coefficient, pValue } = best;
      found.push({ a: nameOf(a), b: nameOf(series[j]!), lagMs: lag * stepMs, coefficient, pValue });
    }
  }
  const shares = falseShares(found.map(({ pValue }) => pValue));
  return found
    .map((each, i) => ({ ...each, falseShare: shares[i]! }))
    .filter(({ falseShare, coefficient }) => falseShare <= MAX_FALSE_SHARE && Math.abs(coefficient) >= MIN_COEFFICIENT)
    .sort((x, y) => Math.abs(y.coefficient) - Math.abs(x.coefficient))
    .slice(0, MAX_TOLD);
}

const MAX_MEMORY = 72;

/** What a server does is part of what all do, and moves with it. */
function isPartOfOther(a: Deseasonalised, b: Deseasonalised): boolean {
  return a.metric === b.metric && (a.server === '' || b.server === '');
}

function nameOf({ server, tool, metric }: Deseasonalised): Correlation['a'] {
  return { server, tool, metric };
}

/** Means of ranks where values are equal; NaN where there is none. */
function ranksOf(values: Float64Array): Float64Array {
  const order = [...values.keys()].filter((i) => !Number.isNaN(values[i]!)).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let k = from; k < to; k++) ranks[order[k]!] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

/** Mean 0 and variance 1; 0 all over where nothing varies. */
function standardised(values: Float64Array): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  return values.map((value) => (variance === 0 ? value * 0 : (value - mean) / Math.sqrt(variance)));
}

/** @returns the mean product of `a` and of `b` that many steps later, and of how many pairs */
function productAt(a: Float64Array, b: Float64Array, lag: number): { mean: number; pairs: number } {
  let [sum, pairs] = [0, 0];
  for (let i = Math.max(0, -lag); i < Math.min(a.length, b.length - lag); i++) {
    const product = a[i]! * b[i + lag]!;
    if (Number.isNaN(product)) continue;
    sum += product;
    pairs++;
  }
  return { mean: pairs === 0 ? 0 : sum / pairs, pairs };
}

/** At lags from 1 on. */
function autocorrelations(values: Float64Array, lags: number): Float64Array {
  return Float64Array.from({ length: lags }, (_, i) => productAt(values, values, i + 1).mean);
}

/** By how much pairs are worth less than as many independent ones; at least 1. */
function jointMemory(a: Float64Array, b: Float64Array): number {
  let sum = 1;
  for (let lag = 0; lag < Math.min(a.length, b.length); lag++) sum += 2 * Math.max(0, a[lag]! * b[lag]!);
  return sum;
}

function strongestLag(a: Float64Array, b: Float64Array, memory: number, maxLag: number) {
  let best: { lag: number; coefficient: number; pValue: number } | undefined;
  for (let lag = -maxLag; lag <= maxLag; lag++) {
    const { mean: coefficient, pairs } = productAt(a, b, lag);
    const worth = pairs / memory;
    if (worth < MIN_STEPS / 2 || pairs < MIN_STEPS) continue;
    // Fisher's transformation; 1.06 for ranks (Fieller, Hartley and Pearson 1957).
    const z = Math.atanh(Math.max(-0.999_999, Math.min(0.999_999, coefficient))) * Math.sqrt((worth - 3) / 1.06);
    const pValue = twoSidedPValue(z);
    const isStronger = best === undefined || Math.abs(coefficient) > Math.abs(best.coefficient);
    if (isStronger) best = { lag, coefficient, pValue };
  }
  return best && { ...best, pValue: Math.min(1, best.pValue * (2 * maxLag + 1)) };
}

/**
 * Per p-value, the least share of false ones among all that are at least as small, at which it would be told. Pairs share series, and are
 * not independent: the harmonic number keeps the promise all the same (Benjamini and Yekutieli 2001, Annals of Statistics 29, theorem 1.3).
 */
export function falseShares(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!);
  const harmonic = order.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  const shares = new Array<number>(pValues.length);
  let least = 1;
  for (let i = order.length - 1; i >= 0; i--) {
    least = Math.min(least, (pValues[order[i]!]! * order.length * harmonic) / (i + 1));
    shares[order[i]!] = least;
  }
  return shares;
}
