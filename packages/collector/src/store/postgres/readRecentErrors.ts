/** Answers `Store.readRecentErrors`. */
import type { SeriesFilter } from '../../model/series.ts';
import { ERRORS_PER_SERIES } from '../kept.ts';
import type { RecentError } from '../store.ts';
import { inSnapshot, type PostgresParts } from './parts.ts';

/** Newest first. */
export function readRecentErrors(parts: PostgresParts, filter: SeriesFilter, limit: number): Promise<RecentError[]> {
  return inSnapshot(parts, async ({ session }) => {
    const { index } = parts.series;
    const ids = index.select(filter);
    const rows = await session.query(
      `SELECT e.* FROM unnest($1::bigint[]) id CROSS JOIN LATERAL
         (SELECT * FROM recent_error WHERE series = id ORDER BY at_ms DESC LIMIT ${ERRORS_PER_SERIES}) e
       ORDER BY at_ms DESC LIMIT $2`,
      [ids, limit],
    );
    return rows.map((row) => ({
      series: index.key(Number(row.series))!,
      atMs: Number(row.at_ms),
      errorClass: String(row.error_class),
      code: String(row.code),
      message: row.message === null ? undefined : String(row.message),
    }));
  });
}
