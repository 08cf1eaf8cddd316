/**
 * The pieces of time that a level's tables are cut into: made before the first row of their time comes, dropped whole when
 * all of them is past its retention. Which there are stands in a table of its own, so that queries need not ask the
 * catalogue how far back rows go.
 */
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import { floorTo, type LevelName } from '../levels.ts';
import type { TimeRange } from '../store.ts';
import type { Database, Session } from './database.ts';

/** Whole spans of the level above, and few enough for a year of days and a month of hours. */
export const PARTITION_MS: Record<LevelName, number> = { minute: 4 * HOUR_MS, hour: DAY_MS, day: 30 * DAY_MS };

const KINDS = ['rollup', 'resource'] as const;

/** Any number that no other program locks. */
const PARTITION_LOCK = 6_848_002;

export class Partitions {
  readonly #known = new Set<string>();

  constructor(private readonly database: Database) {}

  /** Makes what rows that begin at `starts` need and is not there yet. */
  async ensure(level: LevelName, starts: Iterable<number>): Promise<void> {
    const missing = new Set<number>();
    for (const start of starts) {
      const fromMs = floorTo(PARTITION_MS[level], start);
      if (!this.#known.has(`${level} ${fromMs}`)) missing.add(fromMs);
    }
    for (const fromMs of missing) {
      await this.database.transaction('work', (session) => this.#make(session, level, fromMs));
      this.#known.add(`${level} ${fromMs}`);
    }
  }

  /**
   * Drops what lies wholly before `beforeMs`.
   * @returns how many rows of calls went
   */
  async dropBefore(level: LevelName, beforeMs: number): Promise<number> {
    let rows = 0;
    for (const { fromMs } of await this.wholeBefore(level, beforeMs)) {
      rows += await this.database.transaction('work', (session) => this.#drop(session, level, fromMs));
      this.#known.delete(`${level} ${fromMs}`);
    }
    return rows;
  }

  /** Partitions that end at or before `beforeMs`, ascending. */
  async wholeBefore(level: LevelName, beforeMs: number): Promise<TimeRange[]> {
    return (await this.list(level)).filter(({ toMs }) => toMs <= beforeMs);
  }

  /** All partitions of a level, ascending. */
  async list(level: LevelName): Promise<TimeRange[]> {
    const rows = await this.database.query<{ from_ms: string; to_ms: string }>(
      'SELECT from_ms, to_ms FROM partition WHERE level = $1 ORDER BY from_ms',
      [level],
      'work',
    );
    return rows.map(({ from_ms, to_ms }) => ({ fromMs: Number(from_ms), toMs: Number(to_ms) }));
  }

  async #make(session: Session, level: LevelName, fromMs: number): Promise<void> {
    await session.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
    const made = await session.run('INSERT INTO partition VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      level,
      fromMs,
      fromMs + PARTITION_MS[level],
    ]);
    if (made === 0) return;
    for (const kind of KINDS) {
      const parent = `${kind}_${level}`;
      const name = partitionName(kind, level, fromMs);
      // Attaching a table lets readers and writers of the others go on; creating it in place would not.
      await session.script(`
        CREATE TABLE ${name} (LIKE ${parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
        ALTER TABLE ${parent} ATTACH PARTITION ${name} FOR VALUES FROM (${fromMs}) TO (${fromMs + PARTITION_MS[level]})`);
    }
  }

  async #drop(session: Session, level: LevelName, fromMs: number): Promise<number> {
    await session.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
    const gone = await session.run('DELETE FROM partition WHERE level = $1 AND from_ms = $2', [level, fromMs]);
    if (gone === 0) return 0;
    // Waiting for readers must not make those that come after wait for us.
    await session.script("SET LOCAL lock_timeout = '2s'");
    const [counted] = await session.query<{ rows: string }>(
      `SELECT count(*) rows FROM ${partitionName('rollup', level, fromMs)}`,
    );
    for (const kind of KINDS) await session.script(`DROP TABLE ${partitionName(kind, level, fromMs)}`);
    return Number(counted!.rows);
  }
}

/** Before 1970 there are no rows. */
export function partitionName(kind: (typeof KINDS)[number], level: LevelName, fromMs: number): string {
  return `${kind}_${level}_${fromMs / HOUR_MS}`;
}
