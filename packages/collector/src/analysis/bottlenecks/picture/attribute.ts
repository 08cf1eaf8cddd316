/**
 * How much of something that is measured for a whole process (processor time, time in which the event loop was blocked) each
 * call of each tool takes: the amounts per call, none below zero, that explain the slots best. Least squares without negative
 * amounts, by coordinate descent: Franc, Hlaváč & Navara, "Sequential coordinate-wise algorithm for the non-negative least
 * squares problem", CAIP 2005, algorithm 1.
 */

const ROUNDS = 300;

/**
 * @param calls per tool, a column with an entry per slot
 * @param amounts per slot; NaN where it is not known
 * @param widths of the slots; what is used without any call is proportional to it
 * @returns what a call of each tool takes, in the unit of `amounts`
 */
export function amountsPerCall(
  calls: readonly ArrayLike<number>[],
  amounts: ArrayLike<number>,
  widths: ArrayLike<number>,
): number[] {
  const known = Array.from(amounts, (amount, slot) => (Number.isNaN(amount) ? -1 : slot)).filter((slot) => slot >= 0);
  const columns = [...calls, widths].map((column) => known.map((slot) => column[slot]!));
  const wanted = known.map((slot) => amounts[slot]!);
  const products = columns.map((a) => columns.map((b) => dot(a, b)));
  const gradient = columns.map((column) => -dot(column, wanted));
  const found = new Float64Array(columns.length);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < found.length; i++) {
      if (products[i]![i] === 0) continue;
      const next = Math.max(0, found[i]! - gradient[i]! / products[i]![i]!);
      const step = next - found[i]!;
      if (step === 0) continue;
      found[i] = next;
      for (let j = 0; j < found.length; j++) gradient[j]! += step * products[i]![j]!;
    }
  }
  return [...found.subarray(0, calls.length)];
}

function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}
