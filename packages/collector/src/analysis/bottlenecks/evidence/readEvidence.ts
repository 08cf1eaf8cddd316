/**
 * Gathers what is known of a server within a range: the newest minutes second by second, and what is older from stored rows.
 * Runs beside ingest, in small pieces; the work on it is done in another thread.
 */
import { nextTurn } from '../../../clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../model/rollup.ts';
import type { Recent, RecentResources, RecentWindow } from '../../../serve/services.ts';
import type { Store, TimeRange } from '../../../store/store.ts';
import { recentSights } from './recentSights.ts';
import { EVIDENCE_KINDS } from './seriesParts.ts';
import type { Sight } from './sight.ts';
import { storedSight } from './storedSight.ts';

export interface EvidenceSources {
  store: Pick<Store, 'readMinutes' | 'readRollups' | 'readResources'>;
  recent: Recent;
  /** Of how many hours minute rows are kept. */
  minuteHours: number;
}

export interface Evidence {
  /** One per process. */
  recent: Sight[];
  /** Of the part of the range before that; undefined where there is none, or nothing is stored of it. */
  stored: Sight | undefined;
}

/** A shorter part of the range is not worth rows of minutes. */
const MIN_STORED_MS = 3 * MINUTE_MS;

export async function readEvidence(
  { store, recent, minuteHours }: EvidenceSources,
  server: string,
  range: TimeRange,
  nowMs: number,
): Promise<Evidence> {
  const keptFromMs = Math.max(range.fromMs, recent.keptFromMs());
  const recentRange = { fromMs: Math.min(keptFromMs, range.toMs), toMs: range.toMs };
  const isLong = range.toMs - range.fromMs > DAY_MS || range.fromMs < nowMs - minuteHours * HOUR_MS;
  const rowMs = isLong ? HOUR_MS : MINUTE_MS;
  // A row in which the recent part begins would be looked at twice; of a long range, the rest of an hour is left out.
  const storedRange = { fromMs: range.fromMs, toMs: Math.floor(recentRange.fromMs / rowMs) * rowMs };
  const stored =
    storedRange.toMs - storedRange.fromMs < MIN_STORED_MS
      ? undefined
      : await storedSight(store, server, storedRange, isLong ? 'hour' : 'minute');
  return { recent: await readRecent(recent, server, recentRange), stored };
}

/** Minute by minute, so that nobody waits for objects being made of all windows. */
async function readRecent(recent: Recent, server: string, { fromMs, toMs }: TimeRange): Promise<Sight[]> {
  const windows: RecentWindow[] = [];
  const resources: RecentResources[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += MINUTE_MS) {
    const piece = { fromMs: atMs, toMs: Math.min(toMs, atMs + MINUTE_MS) };
    windows.push(...recent.windows(piece, { server, kinds: EVIDENCE_KINDS }));
    resources.push(...recent.resources(piece, server));
    await nextTurn();
  }
  return recentSights(server, windows, resources, recent.instances(server));
}
