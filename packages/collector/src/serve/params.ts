/** What several callers send in the same form: names to select by, and spans of time. */
import { z } from 'zod';
import { VitalsError } from '../errors.ts';
import { quoteUntrusted } from '../model/untrusted.ts';
import type { TimeRange } from '../store/store.ts';

/** The longest name that the wire carries; what the store keeps of it is shorter. */
const MAX_NAME_LENGTH = 10_000;

/** Name of a server or a tool. */
export const nameParam = z.string().min(1).max(MAX_NAME_LENGTH);

/** A point in time, as text; `parseTime` reads it. */
export const timeParam = z.string().max(64);

/** Date, time to any fraction of a second, zone; time and zone may be absent and mean midnight and UTC. */
const ISO_8601 = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * @param parameter its name, for the message
 * @returns epoch milliseconds
 * @throws VitalsError `invalid`
 */
export function parseTime(parameter: string, text: string): number {
  const match = ISO_8601.exec(text);
  const isZoneless = match !== null && match[1] === undefined && text.length > 'YYYY-MM-DD'.length;
  const atMs = match === null ? Number.NaN : Date.parse(isZoneless ? `${text}Z` : text);
  if (Number.isNaN(atMs)) {
    throw new VitalsError('invalid', `${parameter} is not a time: ${quoteUntrusted(text)}`, {
      hint: 'Give ISO 8601, e.g. 2025-10-31T13:00:00Z.',
    });
  }
  return atMs;
}

/**
 * The range from `startTime`, inclusive, to `endTime`, exclusive.
 * @throws VitalsError `invalid`
 */
export function parseTimeRange(startTime: string, endTime: string): TimeRange {
  const range = { fromMs: parseTime('startTime', startTime), toMs: parseTime('endTime', endTime) };
  if (range.fromMs > range.toMs) {
    throw new VitalsError('invalid', `startTime ${isoTime(range.fromMs)} is after endTime ${isoTime(range.toMs)}`, {
      hint: 'Swap them, or move endTime.',
    });
  }
  return range;
}

/** ISO 8601 in UTC, the form of all times that leave the collector. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
