/** A digest's content to bytes, in the shortest of the forms that keep it. */
import { ByteWriter, MAX_VARINT_BYTES } from './byteWriter.ts';
import { type DigestContent, MAX_TICKS, SUMMARY, sumOf, TICKS_PER_VALUE, VERSION, WEIGHTED } from './format.ts';

/** A value of at least so many ticks is rounded by at most 0.05 %. */
const MIN_ROUNDED_TICKS = 1_000;

export function encodeContent(content: DigestContent): Uint8Array {
  const { means, weights, sum } = content;
  const [unit, ticks] = chooseUnit(content);
  const summary = needsSummary(content, unit, ticks);
  const writer = new ByteWriter(1 + 3 * 8 + MAX_VARINT_BYTES * (1 + 2 * means.length));
  writer.byte((VERSION << 4) | (summary ? SUMMARY : 0) | (weights ? WEIGHTED : 0) | unit);
  writer.varint(means.length);
  if (summary) for (const value of [sum, means[0]!, means.at(-1)!]) writer.float64(value);
  if (ticks) writeTicks(writer, ticks);
  else for (const mean of means) writer.float64(mean);
  if (weights) writeWeights(writer, weights);
  return writer.finish();
}

/** @returns the number of the coarsest unit that will do, and the means in its ticks unless that is float64 */
function chooseUnit(content: DigestContent): [unit: number, ticks?: Float64Array] {
  for (let unit = 1; unit < TICKS_PER_VALUE.length; unit++) {
    const ticks = toTicks(content, TICKS_PER_VALUE[unit]!);
    if (ticks) return [unit, ticks];
  }
  return [0];
}

/** @returns the ticks of each mean; undefined where rounding to ticks would cost too much or change a repeated value */
function toTicks({ means, weights }: DigestContent, perValue: number): Float64Array | undefined {
  const ticks = new Float64Array(means.length);
  for (let i = 0; i < means.length; i++) {
    const tick = Math.round(means[i]! * perValue);
    const size = Math.abs(tick);
    const mayRound = size >= MIN_ROUNDED_TICKS && !(weights && weights[i]! > 1);
    if (size > MAX_TICKS || !(mayRound || tick / perValue === means[i])) return undefined;
    ticks[i] = tick;
  }
  return ticks;
}

/** Whether a reader could not tell the sum and the two ends from the rest. */
function needsSummary({ means, weights, sum }: DigestContent, unit: number, ticks?: Float64Array): boolean {
  const written = ticks ? ticks.map((tick) => tick / TICKS_PER_VALUE[unit]!) : means;
  return written[0] !== means[0] || written.at(-1) !== means.at(-1) || sumOf(written, weights) !== sum;
}

/** The first may be negative: even numbers are those from zero up, odd ones those from -1 down. */
function writeTicks(writer: ByteWriter, ticks: Float64Array): void {
  let previous = 0;
  for (let i = 0; i < ticks.length; i++) {
    const tick = ticks[i]!;
    if (i > 0) writer.varint(tick - previous);
    else writer.varint(tick < 0 ? -2 * tick - 1 : 2 * tick);
    previous = tick;
  }
}

function writeWeights(writer: ByteWriter, weights: Float64Array): void {
  for (const weight of weights) writer.varint(2 * (Math.abs(weight) - 1) + (weight < 0 ? 1 : 0));
}
