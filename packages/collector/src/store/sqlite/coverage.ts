/**
 * From when to when each level has its rows: kept since, merged until, and what late windows have touched since it was
 * merged. The planner reads it, the writers change it. On disk it is `meta` and `dirty`.
 */

import { getOrInsert } from '../getOrInsert.ts';
import { floorTo, LEVEL_NAMES, LEVELS, type LevelName, type MergedLevelName } from '../levels.ts';
import type { Connection } from './db/connection.ts';

export interface DirtyMark {
  level: MergedLevelName;
  startMs: number;
  series: number;
}

export class Coverage {
  /** Rows before this are deleted; whole hours for minutes, whole days for hours. */
  readonly keptFrom: Record<LevelName, number> = { minute: 0, hour: 0, day: 0 };
  /** Rows of a level are complete before this, but for what is dirty. */
  readonly mergedUntil: Record<MergedLevelName, number> = { hour: 0, day: 0 };
  readonly #dirty: Record<MergedLevelName, Map<number, Set<number>>> = { hour: new Map(), day: new Map() };

  constructor(private readonly connection: Connection) {}

  load(): void {
    for (const name of LEVEL_NAMES) this.keptFrom[name] = this.readMeta(`kept_from_${name}`);
    for (const name of ['hour', 'day'] as const) this.mergedUntil[name] = this.readMeta(`merged_until_${name}`);
    for (const { level, start, series } of this.connection.iterate(
      "SELECT level, start, series FROM dirty WHERE level <> 'minute'",
    )) {
      this.#remember({ level: level as MergedLevelName, startMs: Number(start), series: Number(series) });
    }
  }

  readMeta(key: string): number {
    return Number(this.connection.get('SELECT value FROM meta WHERE key = ?', key)?.value ?? 0);
  }

  writeMeta(key: string, value: number): void {
    this.connection.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', key, value);
  }

  /** The level that rows of a minute are written to: the finest that is still kept; undefined when none is. */
  levelFor(minuteMs: number): LevelName | undefined {
    return LEVEL_NAMES.find((name) => minuteMs >= this.keptFrom[name]);
  }

  /** What becomes stale when a row of `level` is written. */
  marksFor(level: LevelName, startMs: number, series: number): DirtyMark[] {
    const marks: DirtyMark[] = [];
    if (level === 'minute') pushIfMerged('hour', this.mergedUntil);
    if (level !== 'day') pushIfMerged('day', this.mergedUntil);
    return marks;

    function pushIfMerged(merged: MergedLevelName, until: Record<MergedLevelName, number>): void {
      const start = floorTo(LEVELS[merged].spanMs, startMs);
      if (start < until[merged]) marks.push({ level: merged, startMs: start, series });
    }
  }

  /** Within the caller's transaction. */
  saveMarks(marks: readonly DirtyMark[]): void {
    for (const { level, startMs, series } of marks)
      this.connection.run('INSERT OR IGNORE INTO dirty VALUES (?, ?, ?)', level, startMs, series);
  }

  /** To be called once the transaction of `saveMarks` is durable. */
  marked(marks: readonly DirtyMark[]): void {
    for (const mark of marks) this.#remember(mark);
  }

  isDirty(level: MergedLevelName, startMs: number): boolean {
    return this.#dirty[level].has(startMs);
  }

  /** Stale starts of a level, ascending, with their series. */
  dirty(level: MergedLevelName): [startMs: number, series: ReadonlySet<number>][] {
    return [...this.#dirty[level]].sort(([a], [b]) => a - b);
  }

  /** Within the caller's transaction. */
  saveMerged(level: MergedLevelName, startMs: number, untilMs: number): void {
    this.connection.run('DELETE FROM dirty WHERE level = ? AND start = ?', level, startMs);
    this.writeMeta(`merged_until_${level}`, untilMs);
  }

  merged(level: MergedLevelName, startMs: number, untilMs: number): void {
    this.#dirty[level].delete(startMs);
    this.mergedUntil[level] = untilMs;
  }

  keepFrom(level: LevelName, fromMs: number): void {
    this.writeMeta(`kept_from_${level}`, fromMs);
    this.keptFrom[level] = fromMs;
  }

  mergeUntil(level: MergedLevelName, untilMs: number): void {
    this.writeMeta(`merged_until_${level}`, untilMs);
    this.mergedUntil[level] = untilMs;
  }

  /** After the database was exchanged: everything is written again. */
  saveAll(): void {
    for (const level of LEVEL_NAMES) this.keepFrom(level, this.keptFrom[level]);
    for (const level of ['hour', 'day'] as const) {
      this.mergeUntil(level, this.mergedUntil[level]);
      for (const [startMs, series] of this.#dirty[level])
        this.saveMarks([...series].map((id) => ({ level, startMs, series: id })));
    }
  }

  #remember({ level, startMs, series }: DirtyMark): void {
    getOrInsert(this.#dirty[level], startMs, () => new Set<number>()).add(series);
  }
}
