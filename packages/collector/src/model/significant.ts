/** A figure in words: whole above, else as many digits as tell something; never an exponent. E.g. `0.0123`, `12.3`, `1234`. */
export function significant(value: number, digits = 3): string {
  return String(Math.abs(value) >= 10 ** digits ? Math.round(value) : Number(value.toPrecision(digits)));
}
