/**
 * Which levels have their rows from when to when, as a query sees it: read in the query's own snapshot, so that the rows and
 * what is known of them belong to the same moment whoever moves them meanwhile.
 */
import { LEVEL_NAMES, type LevelName, type MergedLevelName } from '../levels.ts';
import type { LevelCoverage } from '../planner.ts';
import type { TimeRange } from '../store.ts';
import type { Row, Session } from './database.ts';
import { writeMeta } from './schema.ts';

/** One row; `Coverage.of` reads it. */
export const COVERAGE_SQL = `
  SELECT (SELECT json_object_agg(key, value) FROM meta WHERE key LIKE 'kept_from_%') kept_from,
    (SELECT min(hour_merged_until) FROM coverage) hour_merged_until,
    (SELECT min(day_merged_until) FROM coverage) day_merged_until,
    (SELECT json_agg(DISTINCT level || ' ' || start) FROM stale) stale,
    (SELECT json_agg(level || ' ' || from_ms) FROM partition) partitions,
    (SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') OR EXISTS (SELECT FROM pg_foreign_table)) is_spread,
    (SELECT min(from_ms) FROM partition) first_ms, (SELECT max(to_ms) FROM partition) last_ms`;

export class Coverage implements LevelCoverage {
  readonly keptFrom: Record<LevelName, number> = { minute: 0, hour: 0, day: 0 };
  readonly mergedUntil: Record<MergedLevelName, number>;
  /** Where there are rows of any level. */
  readonly extent: TimeRange;
  /** Whether partitions lie on other servers: those of Citus, or foreign tables. */
  readonly isSpread: boolean;
  readonly #stale: ReadonlySet<string>;
  readonly #partitions: ReadonlySet<string>;

  private constructor(row: Row) {
    const keptFrom = (row.kept_from ?? {}) as Record<string, number>;
    for (const level of LEVEL_NAMES) this.keptFrom[level] = Number(keptFrom[`kept_from_${level}`] ?? 0);
    this.mergedUntil = { hour: Number(row.hour_merged_until), day: Number(row.day_merged_until) };
    this.extent = { fromMs: Number(row.first_ms ?? 0), toMs: Number(row.last_ms ?? 0) };
    this.isSpread = row.is_spread === true;
    this.#stale = new Set((row.stale ?? []) as string[]);
    this.#partitions = new Set((row.partitions ?? []) as string[]);
  }

  static of(row: Row | undefined): Coverage {
    return new Coverage(row ?? {});
  }

  static async read(session: Session): Promise<Coverage> {
    const [row] = await session.query(COVERAGE_SQL);
    return Coverage.of(row);
  }

  hasPartition(level: LevelName, fromMs: number): boolean {
    return this.#partitions.has(`${level} ${fromMs}`);
  }

  isDirty(level: MergedLevelName, startMs: number): boolean {
    return this.#stale.has(`${level} ${startMs}`);
  }

  /** The level that rows of a minute are written to: the finest that is still kept; undefined when none is. */
  levelFor(minuteMs: number): LevelName | undefined {
    return LEVEL_NAMES.find((name) => minuteMs >= this.keptFrom[name]);
  }
}

export function keepFrom(session: Session, level: LevelName, fromMs: number): Promise<void> {
  return writeMeta(session, `kept_from_${level}`, fromMs);
}
