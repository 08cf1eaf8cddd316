/** The span of time that a page shows: the newest minutes, or from one moment to another. */
import { choiceOf } from './choice.ts';

export type Range = { kind: 'newest'; minutes: number } | { kind: 'fixed'; fromMs: number; toMs: number };

const HOUR = 60;
const DAY = 24 * HOUR;

/** As they stand in addresses and on buttons. */
export const RANGES: Readonly<Record<string, number>> = {
  '15m': 15,
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
  '90d': 90 * DAY,
  '1y': 365 * DAY,
};
const DEFAULT_RANGE = '6h';
/** More is not kept, and not asked for. */
const MAX_LENGTH_MS = 400 * 86_400_000;

export function readRange(query: URLSearchParams): Range {
  const [fromMs, toMs] = [Date.parse(query.get('from') ?? ''), Date.parse(query.get('to') ?? '')];
  if (fromMs < toMs) return { kind: 'fixed', fromMs: Math.max(fromMs, toMs - MAX_LENGTH_MS), toMs };
  return { kind: 'newest', minutes: RANGES[choiceOf(query.get('range'), RANGES, DEFAULT_RANGE)]! };
}

/** The name of the button that is pressed. */
export function rangeName(range: Range): string | undefined {
  return range.kind === 'fixed'
    ? undefined
    : Object.entries(RANGES).find(([, minutes]) => minutes === range.minutes)?.[0];
}

/** What an address says of it. */
export function rangeQuery(range: Range): { range?: string; from?: string; to?: string } {
  if (range.kind === 'newest') return { range: rangeName(range) ?? DEFAULT_RANGE };
  return { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
}

/** What the API is asked for. */
export function rangeParams(range: Range): { minutes?: number; from?: string; to?: string } {
  if (range.kind === 'newest') return { minutes: range.minutes };
  return { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
}

export function rangeLengthMs(range: Range): number {
  return range.kind === 'newest' ? range.minutes * 60_000 : range.toMs - range.fromMs;
}

/** How often what moves with the present is worth asking for again; undefined: it does not move. */
export function refreshMs(range: Range): number | undefined {
  if (range.kind === 'fixed') return undefined;
  if (range.minutes <= 6 * HOUR) return 5_000;
  return range.minutes <= DAY ? 20_000 : 120_000;
}
