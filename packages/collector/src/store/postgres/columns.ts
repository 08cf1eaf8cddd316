/** The columns that all levels share, in the order in which they are written and read. */
import { OUTCOMES, type OutcomeCounts } from '@mcp-vitals/wire/decode';
import type { ResourceUsage } from '../../model/rollup.ts';
import { Accumulator } from '../accumulator.ts';
import { RESOURCE_COLUMNS } from '../resources.ts';
import type { CopyWriter } from './copyWriter.ts';
import type { Row } from './database.ts';
import type { DigestColumn } from './digestColumn.ts';
import { decodeHistograms, MERGE_HISTOGRAMS } from './histogramColumn.ts';

const FIGURES = [...OUTCOMES, 'sum_ms', 'min_ms', 'max_ms'] as const;

/** All columns of a row of calls but those of its sketch. */
export const ROLLUP_COLUMNS = `start, series, shard, ${FIGURES.join(', ')}`;
export const ROLLUP_COLUMN_COUNT = 3 + FIGURES.length + 2;

/** Sums over a group of rows, under the columns' own names. */
export const ROLLUP_SUMS = [
  ...[...OUTCOMES, 'sum_ms'].map((name) => `sum(${name}) ${name}`),
  'min(min_ms) min_ms',
  'max(max_ms) max_ms',
].join(', ');

/** The figures as they are, for the parts of a UNION. */
export const ROLLUP_FIGURES = FIGURES.join(', ');

export interface RollupValues {
  outcomes: OutcomeCounts;
  sumMs: number;
  /** NaN when there is no call. */
  minMs: number;
  maxMs: number;
}

/** Begins a row with all columns but those of the sketch, which come last. */
export function writeRollup(
  rows: CopyWriter,
  key: { startMs: number; series: number; shard: number },
  { outcomes, sumMs, minMs, maxMs }: RollupValues,
  counters: 'integer' | 'bigint',
): void {
  rows.row().bigint(key.startMs).bigint(key.series).smallint(key.shard);
  for (const count of outcomes) rows[counters](count);
  rows.double(sumMs).double(minMs).double(maxMs);
}

/** What `readSum` reads the sketch of a group from. */
export function sketchAggregates(column: DigestColumn): string {
  return `${column.aggregate('digest')} digests, ${MERGE_HISTOGRAMS} histograms`;
}

/** A group as `ROLLUP_SUMS` and, where wanted, `sketchAggregates` gave it. */
export function readSum(row: Row, column: DigestColumn): Accumulator {
  const { outcomes, sumMs, minMs, maxMs } = rollupValues(row);
  const sum = new Accumulator();
  const bytes = (name: string) => (row[name] ?? null) as Buffer | null;
  const histograms = decodeHistograms(bytes('histograms'));
  // The ends are the digest's own only where there is nothing else.
  const [least, most] = histograms.length === 0 ? [minMs, maxMs] : [Number.NaN, Number.NaN];
  sum.addRow(outcomes, sumMs, minMs, maxMs, [...column.decode(bytes('digests'), least, most), ...histograms]);
  return sum;
}

export function rollupValues(row: Row): RollupValues {
  return {
    outcomes: OUTCOMES.map((name) => Number(row[name])) as OutcomeCounts,
    sumMs: Number(row.sum_ms),
    minMs: numberOrNaN(row.min_ms),
    maxMs: numberOrNaN(row.max_ms),
  };
}

function numberOrNaN(value: unknown): number {
  return value === null || value === undefined ? Number.NaN : Number(value);
}

const AVERAGED = ['cpu_percent', 'memory_mb', 'memory_percent', 'event_loop_delay_ms'] as const;

/** More samples of the same process in the same minute; the rule of `mergeSamples`. */
export const RESOURCE_SUMS = [
  'sum(samples) samples',
  'max(minutes) minutes',
  'sum(disk_io_kb) disk_io_kb',
  ...AVERAGED.flatMap((name) => [
    `sum(${name}_avg * samples) / sum(samples) ${name}_avg`,
    `max(${name}_max) ${name}_max`,
  ]),
].join(', ');

export function writeResources(
  rows: CopyWriter,
  key: { startMs: number; server: number; shard: number; instance: string },
  usage: ResourceUsage,
): void {
  rows.row().bigint(key.startMs).bigint(key.server).smallint(key.shard).text(key.instance);
  rows.bigint(usage.samples).bigint(usage.minutes);
  rows.double(usage.cpuPercentAvg).double(usage.cpuPercentMax);
  rows.double(usage.memoryMbAvg).double(usage.memoryMbMax);
  rows.double(usage.memoryPercentAvg).double(usage.memoryPercentMax).double(usage.diskIoKb);
  rows.double(usage.eventLoopDelayMsAvg).double(usage.eventLoopDelayMsMax);
}

export const RESOURCE_KEY = 'start, server, shard, instance';
export const RESOURCE_COLUMN_COUNT = 4 + RESOURCE_COLUMNS.length;
