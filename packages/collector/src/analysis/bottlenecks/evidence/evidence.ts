/** What is known of a server within a range, as it is handed to the thread of the analyses. */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import type { RecentInstance } from '../../../serve/ports/recent.ts';
import type { PackedRows } from './packedRows.ts';
import type { RESOURCE_FIELDS } from './sight.ts';

/** A series of one process. */
export interface RowSource {
  kind: SeriesKind;
  name: string;
  instance: string;
}

/** Columns of what was measured of a series in a slot; the last is NaN where it is not known. */
export const MEASURED_COLUMNS = ['startMs', 'endMs', 'calls', 'errors', 'sum', 'max'] as const;

/** Columns of what a process used: the end of its slot, and `RESOURCE_FIELDS`, NaN where it is not known. */
export type ResourceColumn = 'atMs' | (typeof RESOURCE_FIELDS)[number];

export interface PackedEvidence {
  measured: PackedRows<RowSource>;
  resources: PackedRows<{ instance: string }>;
}

export interface Evidence {
  server: string;
  instances: RecentInstance[];
  /** Of the whole range, by the names of series of kind `by_client`. */
  clientP95Ms: ReadonlyMap<string, number>;
  /** Window by window, of each process. */
  recent: PackedEvidence;
  /** Of the part of the range before that, of all processes together: rows of minutes or hours. */
  stored: PackedEvidence & { resolution: 'minute' | 'hour' };
}
