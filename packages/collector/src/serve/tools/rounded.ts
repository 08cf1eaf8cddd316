/** Durations are measured to the microsecond; more digits are noise of the arithmetic, and tokens. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
