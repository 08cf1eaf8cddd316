/**
 * Reads the rows of which a batch has thousands. By hand: a schema takes ten times as long, and a collector reads
 * a hundred thousand of them a second. A message is put together only when there is something to say.
 */
import { Digest, partsOf, type Sketch, SketchFormatError, sketchFromBytes } from '@mcp-vitals/sketch';
import { KINDS } from './layout.ts';
import {
  type ErrorSample,
  type Exemplar,
  type InFlight,
  OUTCOMES,
  type OutcomeCounts,
  type SeriesKind,
  WIRE_LIMITS,
  type Window,
} from './types.ts';
import { WireFormatError } from './wireFormatError.ts';

/** Of `OUTCOMES`, the first so many are calls and have a duration. */
const CALL_OUTCOMES = 4;

const LAST_DATE_MS = 8.64e15;
const MAX_ERROR_CLASS_LENGTH = 200;
const MAX_CODE_LENGTH = 100;
const MAX_MESSAGE_LENGTH = 500;

const TRACE_ID = /^(?!0+$)[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0+$)[0-9a-f]{16}$/;

/** Of windows whose durations are all in buckets. Nobody adds to what was read. */
const NO_DURATIONS = new Digest();

/** What rows refer to. */
export interface RowContext {
  /** The key of the batch under which the rows of windows stand. */
  key: 'windows' | 'laterWindows';
  baseMs: number;
  servers: number;
  names: readonly string[];
}

/** @throws WireFormatError */
export function readWindow(row: unknown, index: number, context: RowContext): Window {
  const { key, baseMs } = context;
  if (!Array.isArray(row)) throw invalid(`${key}[${index}]`, 'an array', row);
  const elements: readonly unknown[] = row;
  const [server, kind, name, startMs, lengthMs, outcomeCounts, digestBytes, errorRows, further] = elements;
  const { startMs: start, endMs } = readSpan(startMs, lengthMs, index, context);
  const outcomes = readOutcomes(outcomeCounts, index, context);
  const { digest = NO_DURATIONS, histogram } = partsOf(readSketch(digestBytes, outcomes, index, context));
  const window: Window = {
    server: readIndex(server, context.servers, key, index, 'server'),
    kind: readKind(kind, key, index),
    name: context.names[readIndex(name, context.names.length, key, index, 'name')]!,
    startMs: start,
    endMs,
    outcomes,
    digest,
  };
  if (histogram !== undefined) window.histogram = histogram;
  if (window.digest.min < 0 && window.kind !== 'gauge') {
    throw invalid(`${key}[${index}].digest`, 'samples from zero up', window.digest.min);
  }
  if (errorRows !== undefined && errorRows !== null)
    window.errors = readErrors(errorRows, `${key}[${index}].errors`, baseMs);
  if (further !== undefined && further !== null) readFurther(window, further, index, context);
  return window;
}

/** Whether a window is of a kind that came after this reader. */
export function isOfUnknownKind(row: unknown): boolean {
  const kind: unknown = Array.isArray(row) ? row[1] : undefined;
  return isCount(kind) && kind >= KINDS.length;
}

/** Adds to `window` what few windows have. */
function readFurther(window: Window, further: unknown, index: number, { key, baseMs }: RowContext): void {
  if (!(further instanceof Map)) throw invalid(`${key}[${index}].further`, 'a map', further);
  const exemplar: unknown = further.get('exemplar');
  if (exemplar === undefined || exemplar === null) return;
  window.exemplar = readExemplar(exemplar, `${key}[${index}].exemplar`, baseMs);
}

/** @throws WireFormatError */
export function readInFlight(row: unknown, index: number, context: RowContext): InFlight {
  if (!Array.isArray(row)) throw invalid(`inFlight[${index}]`, 'an array', row);
  const [server, kind, name, count, oldestAgeMs] = row as readonly unknown[];
  if (!isCount(count)) throw invalid(`inFlight[${index}].count`, 'a count', count);
  if (!isAmount(oldestAgeMs)) throw invalid(`inFlight[${index}].oldestAgeMs`, 'milliseconds from zero up', oldestAgeMs);
  return {
    server: readIndex(server, context.servers, 'inFlight', index, 'server'),
    kind: readKind(kind, 'inFlight', index),
    name: context.names[readIndex(name, context.names.length, 'inFlight', index, 'name')]!,
    count,
    oldestAgeMs,
  };
}

function readSpan(
  startMs: unknown,
  lengthMs: unknown,
  index: number,
  { key, baseMs }: RowContext,
): Pick<Window, 'startMs' | 'endMs'> {
  if (!isNumber(startMs) || baseMs + startMs < 0) throw invalid(`${key}[${index}].startMs`, 'a time', startMs);
  if (!isAmount(lengthMs)) throw invalid(`${key}[${index}].lengthMs`, 'milliseconds from zero up', lengthMs);
  const endMs = baseMs + startMs + lengthMs;
  if (endMs > LAST_DATE_MS) throw invalid(`${key}[${index}].endMs`, 'a time', endMs);
  return { startMs: baseMs + startMs, endMs };
}

function readOutcomes(counts: unknown, index: number, { key }: RowContext): OutcomeCounts {
  if (!Array.isArray(counts)) throw invalid(`${key}[${index}].outcomes`, 'an array', counts);
  const outcomes: OutcomeCounts = [0, 0, 0, 0, 0, 0, 0];
  // More than are known come from a newer SDK, which counts them in no other way: ignored like other additions.
  for (let i = 0; i < Math.min(counts.length, OUTCOMES.length); i++) {
    const count: unknown = counts[i];
    if (!isCount(count)) throw invalid(`${key}[${index}].outcomes[${i}]`, 'a count', count);
    outcomes[i] = count;
  }
  return outcomes;
}

function readSketch(bytes: unknown, outcomes: OutcomeCounts, index: number, { key }: RowContext): Sketch {
  const field = `${key}[${index}].digest`;
  if (!(bytes instanceof Uint8Array)) throw invalid(field, 'binary', bytes);
  let sketch: Sketch;
  try {
    sketch = sketchFromBytes(bytes);
  } catch (cause) {
    if (!(cause instanceof SketchFormatError)) throw cause;
    throw new WireFormatError('invalid', `${field}: ${cause.message}`, { cause });
  }
  let calls = 0;
  for (let i = 0; i < CALL_OUTCOMES; i++) calls += outcomes[i]!;
  if (sketch.count !== calls) throw invalid(field, `durations of ${calls} calls, as many as outcomes`, sketch.count);
  return sketch;
}

function readErrors(rows: unknown, field: string, baseMs: number): ErrorSample[] {
  if (!Array.isArray(rows)) throw invalid(field, 'an array', rows);
  const most = WIRE_LIMITS.maxErrorsPerWindow;
  if (rows.length > most) throw invalid(field, `at most ${most} errors`, rows.length);
  return rows.map((row: unknown, i) => readError(row, `${field}[${i}]`, baseMs));
}

function readError(row: unknown, field: string, baseMs: number): ErrorSample {
  if (!Array.isArray(row)) throw invalid(field, 'an array', row);
  const [atMs, errorClass, code, message] = row as readonly unknown[];
  const error: ErrorSample = {
    atMs: readTime(atMs, `${field}.atMs`, baseMs),
    errorClass: readText(errorClass, MAX_ERROR_CLASS_LENGTH, `${field}.errorClass`),
    code: readText(code, MAX_CODE_LENGTH, `${field}.code`),
  };
  if (message !== undefined && message !== null)
    error.message = readText(message, MAX_MESSAGE_LENGTH, `${field}.message`);
  return error;
}

function readExemplar(row: unknown, field: string, baseMs: number): Exemplar {
  if (!Array.isArray(row)) throw invalid(field, 'an array', row);
  const [traceId, spanId, valueMs, atMs] = row as readonly unknown[];
  if (!isAmount(valueMs)) throw invalid(`${field}.valueMs`, 'milliseconds from zero up', valueMs);
  return {
    traceId: readId(traceId, TRACE_ID, 32, `${field}.traceId`),
    spanId: readId(spanId, SPAN_ID, 16, `${field}.spanId`),
    valueMs,
    atMs: readTime(atMs, `${field}.atMs`, baseMs),
  };
}

function readId(value: unknown, form: RegExp, digits: number, field: string): string {
  if (typeof value === 'string' && form.test(value)) return value;
  throw invalid(field, `${digits} lower-case hexadecimal digits, not all zero`, value);
}

function readTime(value: unknown, field: string, baseMs: number): number {
  if (isNumber(value) && baseMs + value >= 0 && baseMs + value <= LAST_DATE_MS) return baseMs + value;
  throw invalid(field, 'a time', value);
}

function readText(value: unknown, maxLength: number, field: string): string {
  if (typeof value === 'string' && value.length <= maxLength) return value;
  throw invalid(field, `text of at most ${maxLength} characters`, value);
}

function readIndex(value: unknown, length: number, rows: string, index: number, field: string): number {
  if (isCount(value) && value < length) return value;
  throw invalid(`${rows}[${index}].${field}`, `an index below ${length}`, value);
}

function readKind(value: unknown, rows: string, index: number): SeriesKind {
  const kind = isCount(value) ? KINDS[value] : undefined;
  if (kind === undefined) throw invalid(`${rows}[${index}].kind`, `an index below ${KINDS.length}`, value);
  return kind;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isAmount(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= WIRE_LIMITS.maxCallsPerWindow;
}

function invalid(field: string, wanted: string, got: unknown): WireFormatError {
  const shown = typeof got === 'number' || got === undefined || got === null ? String(got) : typeof got;
  return new WireFormatError('invalid', `${field}: must be ${wanted}, is ${shown}`);
}
