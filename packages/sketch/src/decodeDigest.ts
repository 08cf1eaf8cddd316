/** Bytes to a digest's content. They come from strangers: nothing in them is believed, and no length is allocated unseen. */
import { ByteReader } from './byteReader.ts';
import {
  countOf,
  type DigestContent,
  MAX_TICKS,
  MAX_VALUE,
  SUMMARY,
  sumOf,
  TICKS_PER_VALUE,
  UNIT_MASK,
  VERSION,
  WEIGHTED,
} from './format.ts';
import { SketchFormatError } from './formatError.ts';

interface Summary {
  sum: number;
  min: number;
  max: number;
}

/** @throws SketchFormatError */
export function decodeContent(bytes: Uint8Array): DigestContent {
  const reader = new ByteReader(bytes);
  const head = reader.byte();
  const unit = head & UNIT_MASK;
  if (head >> 4 !== VERSION) refuse(`version ${head >> 4}, known is ${VERSION}`);
  if (unit >= TICKS_PER_VALUE.length) refuse(`unit ${unit} is not known`);
  const size = reader.varint();
  // Each cluster takes a byte or more.
  if (size > reader.remaining) refuse(`${size} clusters in ${reader.remaining} bytes`);
  const perValue = TICKS_PER_VALUE[unit];
  const summary = head & SUMMARY ? readSummary(reader) : undefined;
  const means = perValue ? readTicks(reader, size, perValue) : readFloats(reader, size);
  const weights = head & WEIGHTED ? readWeights(reader, size) : undefined;
  if (reader.remaining > 0) refuse(`${reader.remaining} bytes too many`);
  const content = { means, weights, sum: summary?.sum ?? sumOf(means, weights) };
  if (!Number.isSafeInteger(countOf(content))) refuse('more than 2^53 samples');
  if (summary) applySummary(content, summary, perValue ? 1 / perValue : 0);
  return content;
}

function readSummary(reader: ByteReader): Summary {
  return { sum: reader.finiteFloat64(), min: reader.finiteFloat64(), max: reader.finiteFloat64() };
}

function readTicks(reader: ByteReader, size: number, perValue: number): Float64Array {
  const means = new Float64Array(size);
  let tick = 0;
  for (let i = 0; i < size; i++) {
    const step = reader.varint();
    if (i > 0) tick += step;
    else tick = step % 2 === 0 ? step / 2 : -(step + 1) / 2;
    if (Math.abs(tick) > MAX_TICKS) refuse(`cluster ${i} is beyond 2^51 ticks`);
    means[i] = tick / perValue;
  }
  return means;
}

function readFloats(reader: ByteReader, size: number): Float64Array {
  const means = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const mean = reader.finiteFloat64();
    if (Math.abs(mean) > MAX_VALUE) refuse(`cluster ${i} is beyond ${MAX_VALUE}`);
    if (i > 0 && mean < means[i - 1]!) refuse(`cluster ${i} is less than the one before`);
    means[i] = mean;
  }
  return means;
}

function readWeights(reader: ByteReader, size: number): Float64Array {
  const weights = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const code = reader.varint();
    if (code === 1) refuse(`cluster ${i} holds one sample that differs from itself`);
    const weight = Math.floor(code / 2) + 1;
    weights[i] = code % 2 === 0 ? weight : -weight;
  }
  return weights;
}

/** Puts the ends, which were rounded to a tick, in their exact places, and checks that all three figures are possible. */
function applySummary(content: DigestContent, { min, max, sum }: Summary, tick: number): void {
  const { means } = content;
  const last = means.length - 1;
  const nearEnds = Math.abs(min - means[0]!) <= tick && Math.abs(max - means[last]!) <= tick;
  if (!nearEnds || min > max) refuse('least and greatest do not fit the clusters');
  for (let i = 0; i <= last; i++) means[i] = Math.min(max, Math.max(min, means[i]!));
  means[0] = min;
  means[last] = max;
  const count = countOf(content);
  const rounding = 1e-9 * count * Math.max(Math.abs(min), Math.abs(max));
  if (sum < count * min - rounding || sum > count * max + rounding) refuse('the sum does not fit the clusters');
}

function refuse(what: string): never {
  throw new SketchFormatError(`digest: ${what}`);
}
