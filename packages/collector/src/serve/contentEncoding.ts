/** Which encoding of an answer a client takes. */

/**
 * @param accepted names with weights, of which 0 means: not this one
 * @param offered the best one first
 */
export function encodingFor<Encoding extends string>(
  accepted: string | string[] | undefined,
  offered: readonly Encoding[],
): Encoding | undefined {
  const names = String(accepted ?? '')
    .toLowerCase()
    .split(',')
    .filter((one) => !/;\s*q=0(\.0*)?\s*$/.test(one))
    .map((one) => one.split(';', 1)[0]!.trim());
  return offered.find((name) => names.includes(name));
}
