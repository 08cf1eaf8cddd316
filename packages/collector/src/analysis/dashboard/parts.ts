/** Which parts a type of dashboard has, and how long their lists are. */
import type { DashboardRange, DashboardType } from '../../model/analysisDashboard.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';

export const PARTS = [
  'tools',
  'findings',
  'forecasts',
  'cost',
  'replicas',
  'policies',
  'benchmarks',
  'audit',
  'collector',
] as const;
export type Part = (typeof PARTS)[number];

const PARTS_OF: Readonly<Record<DashboardType, readonly Part[]>> = {
  overview: ['findings', 'forecasts', 'cost', 'replicas', 'policies', 'benchmarks', 'audit'],
  detailed: PARTS,
  automation: ['tools', 'findings', 'cost', 'policies', 'benchmarks'],
  system: ['findings', 'forecasts', 'replicas', 'policies', 'audit', 'collector'],
};

export function hasPart(type: DashboardType, part: Part): boolean {
  return PARTS_OF[type].includes(part);
}

/** Entries of each list: an overview is read at a glance, the others are still read. */
export const MAX_ENTRIES: Readonly<Record<DashboardType, number>> = {
  overview: 5,
  detailed: 100,
  automation: 50,
  system: 50,
};

export const RANGE_MS: Readonly<Record<DashboardRange, number>> = {
  live: 5 * MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
};
