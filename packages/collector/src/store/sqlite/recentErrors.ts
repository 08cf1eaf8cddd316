/** The newest failures of each series, in memory, and on disk since the last minute that was written. */

import type { ErrorSample } from '@mcp-vitals/wire/decode';
import { getOrInsert } from '../getOrInsert.ts';
import { ERRORS_PER_SERIES } from '../kept.ts';
import type { Connection } from './db/connection.ts';

export class RecentErrors {
  /** Newest first. */
  readonly #bySeries = new Map<number, ErrorSample[]>();
  readonly #unsaved = new Set<number>();

  constructor(private readonly connection: Connection) {}

  load(): void {
    const rows = this.connection.iterate(
      'SELECT series, at_ms, error_class, code, message FROM recent_error ORDER BY series, position',
    );
    for (const { series, at_ms, error_class, code, message } of rows) {
      const sample: ErrorSample = { atMs: Number(at_ms), errorClass: String(error_class), code: String(code) };
      if (message !== null) sample.message = String(message);
      this.#list(Number(series)).push(sample);
    }
  }

  add(seriesId: number, errors: readonly ErrorSample[], skewMs: number): void {
    const list = this.#list(seriesId);
    for (const error of errors) list.push({ ...error, atMs: error.atMs - skewMs });
    list.sort((a, b) => b.atMs - a.atMs);
    if (list.length > ERRORS_PER_SERIES) list.length = ERRORS_PER_SERIES;
    this.#unsaved.add(seriesId);
  }

  of(seriesId: number): readonly ErrorSample[] {
    return this.#bySeries.get(seriesId) ?? [];
  }

  /** Within the caller's transaction. */
  save(): void {
    for (const series of this.#unsaved) {
      this.connection.run('DELETE FROM recent_error WHERE series = ?', series);
      this.of(series).forEach(({ atMs, errorClass, code, message }, position) => {
        this.connection.run(
          'INSERT INTO recent_error (series, at_ms, position, error_class, code, message) VALUES (?, ?, ?, ?, ?, ?)',
          series,
          atMs,
          position,
          errorClass,
          code,
          message ?? null,
        );
      });
    }
  }

  saved(): void {
    this.#unsaved.clear();
  }

  markAllUnsaved(): void {
    for (const series of this.#bySeries.keys()) this.#unsaved.add(series);
  }

  forget(ids: Iterable<number>): void {
    for (const id of ids) this.#bySeries.delete(id);
  }

  #list(series: number): ErrorSample[] {
    return getOrInsert(this.#bySeries, series, () => []);
  }
}
