/**
 * How much of something that is measured for a whole process (processor time, time in which the event loop was blocked) each
 * call of each tool takes: the amounts per call, none below zero or beyond what a call can take, that explain the slots best.
 * Least squares within these bounds, by coordinate descent: Franc, Hlaváč & Navara, "Sequential coordinate-wise algorithm for
 * the non-negative least squares problem", CAIP 2005, algorithm 1, with an upper bound beside the lower.
 */
import { sum } from './numbers.ts';

const ROUNDS = 300;

/** Timers, collections and monitoring: what a process does without being called. */
const MAX_OWN_PART = 0.05;

/** Calls are counted where they end, and what they took is counted where they took it: over so many slots both meet. */
const SPAN = 3;

/**
 * @param calls per tool, a column with an entry per slot
 * @param amounts per slot; NaN where it is not known
 * @param atMost per tool, what a call of it can take
 * @param widths of the slots, in the unit of `amounts`: the process takes a small part of each by itself
 * @returns what a call of each tool takes, in the unit of `amounts`
 */
export function amountsPerCall(
  calls: readonly Float64Array[],
  amounts: Float64Array,
  atMost: readonly number[],
  widths: Float64Array,
): number[] {
  const known = amounts.map((amount) => (Number.isNaN(amount) ? 0 : 1));
  // The process itself first: of what both explain, its part is taken.
  const columns = [widths, ...calls].map((column) => movingSums(column.map((count, slot) => count * known[slot]!)));
  const wanted = movingSums(amounts.map((amount) => amount || 0));
  const products = columns.map((a) => columns.map((b) => dot(a, b)));
  const gradient = columns.map((column) => -dot(column, wanted));
  const found = new Float64Array(columns.length);
  const limits = [MAX_OWN_PART, ...atMost];
  for (let round = 0; round < ROUNDS; round++) descend(found, limits, products, gradient);
  return [...found.subarray(1)];
}

/** Each amount once as well as it can be, the others as they are. */
function descend(
  found: Float64Array,
  atMost: readonly number[],
  products: readonly number[][],
  gradient: number[],
): void {
  for (let i = 0; i < found.length; i++) {
    if (products[i]![i] === 0) continue;
    const best = found[i]! - gradient[i]! / products[i]![i]!;
    const step = Math.min(atMost[i]!, Math.max(0, best)) - found[i]!;
    if (step === 0) continue;
    found[i]! += step;
    for (let j = 0; j < gradient.length; j++) gradient[j]! += step * products[i]![j]!;
  }
}

function movingSums(values: Float64Array): Float64Array {
  return values.map((_, slot) => sum(values.subarray(Math.max(0, slot - SPAN + 1), slot + 1)));
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}
