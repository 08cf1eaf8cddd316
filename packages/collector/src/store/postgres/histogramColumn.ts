/**
 * Histograms beside the digests, in a column of their own that is NULL for almost every row. The database cannot merge
 * them, it strings them together; where rows were merged into one, what came together is merged here and written back.
 */
import { Histogram, partsOf, type Sketch } from '@mcp-vitals/sketch';
import type { CopyWriter } from './copyWriter.ts';
import type { Session } from './database.ts';
import type { DigestColumn } from './digestColumn.ts';
import { framed, framesOf } from './frames.ts';

/** The columns of a row that hold its sketch. */
export const SKETCH_COLUMNS = 'digest, histogram';

/** An SQL aggregate whose value can be stored, and read with `decodeHistograms`. */
export const MERGE_HISTOGRAMS = `string_agg(histogram, ''::bytea)`;

/** Appends a sketch to a row: both columns. */
export function writeSketch(rows: CopyWriter, column: DigestColumn, sketch: Sketch | undefined): void {
  const { digest, histogram } = sketch === undefined ? {} : partsOf(sketch);
  column.write(rows, digest);
  rows.bytes(histogram === undefined ? null : framed(histogram.toBytes()));
}

export function decodeHistograms(bytes: Buffer | null): Histogram[] {
  return bytes === null ? [] : Array.from(framesOf(bytes), (frame) => Histogram.fromBytes(frame));
}

/** Makes one histogram of those that were strung together in rows with these starts. */
export async function compactHistograms(
  session: Session,
  table: string,
  starts: readonly number[],
  shards: readonly number[],
): Promise<void> {
  const rows = await session.query<{ start: string; series: string; histogram: Buffer }>(
    `SELECT start, series, histogram FROM ${table} WHERE start = ANY($1) AND shard = ANY($2) AND histogram IS NOT NULL`,
    [[...new Set(starts)], shards],
  );
  const several = rows
    .map((row) => ({ ...row, histograms: decodeHistograms(row.histogram) }))
    .filter(({ histograms }) => histograms.length > 1);
  if (several.length === 0) return;
  await session.run(
    `UPDATE ${table} t SET histogram = m.histogram
     FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) m (start, series, before, histogram)
     WHERE t.start = m.start AND t.series = m.series AND t.histogram = m.before`,
    [
      several.map(({ start }) => start),
      several.map(({ series }) => series),
      several.map(({ histogram }) => histogram),
      several.map(({ histograms }) => Buffer.from(framed(Histogram.merge(histograms).toBytes()))),
    ],
  );
}
