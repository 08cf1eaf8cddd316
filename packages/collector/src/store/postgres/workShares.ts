/**
 * Who does which part of the work in the background. Each collector says every two seconds that it lives; each part belongs
 * to the living collector that its number prefers, so that one more or one less moves only its share. Time is the
 * database's: clocks of collectors may differ. Being wrong about it is harmless: what is written in a share's name is
 * written in a transaction that holds the share.
 */
import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import type { WorkShare } from '../../model/workShare.ts';
import type { Database, Session } from './database.ts';
import { SHARDS, shardOf } from './schema.ts';

const BEAT_MS = 2_000;
/** A collector that was not heard of for this long is dead: others take over its work, within 30 s all told. */
const DEAD_AFTER_MS = 10_000;

export class WorkShares implements WorkShare {
  /** Of this process since it last lost touch; never used twice. */
  #id = randomUUID();
  #mine: ReadonlySet<number> = new Set();
  #beatAtMs = Number.NEGATIVE_INFINITY;
  #changes = new Map<string, number>();
  #stop: (() => void) | undefined;
  #beating: Promise<void> | undefined;
  readonly #listeners = new Set<(changed: ReadonlySet<string>) => void>();

  constructor(
    private readonly database: Database,
    private readonly clock: Pick<Clock, 'monotonicMs' | 'every'>,
    private readonly logger?: Pick<Logger, 'info' | 'warn'>,
  ) {}

  get id(): string {
    return this.#id;
  }

  /** Shards whose work is this collector's; none while it cannot tell whether it counts as alive. */
  get mine(): ReadonlySet<number> {
    return this.isLive() ? this.#mine : NOTHING;
  }

  isLive(): boolean {
    return this.clock.monotonicMs() - this.#beatAtMs < DEAD_AFTER_MS;
  }

  owns(server: string): boolean {
    return this.mine.has(shardOf(server));
  }

  onChange(listener: (changed: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Joins, and goes on saying so until `leave`. */
  async join(): Promise<void> {
    await this.beat();
    this.#stop = this.clock.every(BEAT_MS, () => {
      this.#beating ??= this.beat()
        .catch((error: unknown) => this.logger?.warn({ err: error }, 'The collector could not say that it lives'))
        .finally(() => {
          this.#beating = undefined;
        });
    });
  }

  /** Gives its shares up at once, for others to take. */
  async leave(): Promise<void> {
    this.#stop?.();
    await this.#beating;
    this.#mine = NOTHING;
    await this.database.transaction('heartbeat', async (session) => {
      await session.run('UPDATE work_share SET collector = NULL WHERE collector = $1', [this.#id]);
      await session.run('DELETE FROM collector WHERE id = $1', [this.#id]);
    });
  }

  /** Says that this collector lives, gives up what others are to do, and takes what is to be its own. */
  async beat(): Promise<void> {
    const startedMs = this.clock.monotonicMs();
    const isNew = await this.#sayAlive();
    this.#beatAtMs = startedMs;
    const { living, owners, changes } = await this.#look();
    const wanted = new Set<number>();
    for (let shard = 0; shard < SHARDS; shard++) if (preferred(shard, living) === this.#id) wanted.add(shard);
    const held = new Set([...owners].filter(([, owner]) => owner === this.#id).map(([shard]) => shard));
    const surplus = [...held].filter((shard) => !wanted.has(shard));
    const free = [...wanted].filter((shard) => !held.has(shard) && !living.includes(owners.get(shard) ?? ''));
    // From here on no work is begun on what is given up; what is under way holds its shards until it is done.
    const before = isNew ? NOTHING : this.#mine;
    this.#mine = new Set([...held].filter((shard) => wanted.has(shard)));
    if (surplus.length > 0) await this.#release(surplus);
    if (free.length > 0) for (const shard of await this.#take(free)) held.add(shard);
    this.#mine = new Set([...held].filter((shard) => wanted.has(shard)));
    this.#tell(before, changes, isNew);
  }

  /**
   * Which of `shards` this collector holds, for as long as the transaction lasts.
   * Whoever would take them over waits for it.
   */
  async hold(session: Session, shards: Iterable<number>): Promise<number[]> {
    const rows = await session.query<{ shard: number }>(
      'SELECT shard FROM work_share WHERE shard = ANY($1) AND collector = $2 ORDER BY shard FOR SHARE',
      [[...shards], this.#id],
    );
    return rows.map(({ shard }) => shard);
  }

  /** @returns whether this collector was not known, for the first time or because it counted as dead */
  async #sayAlive(): Promise<boolean> {
    const isKnown = await this.database.run(
      'UPDATE collector SET seen_at = clock_timestamp() WHERE id = $1',
      [this.#id],
      'heartbeat',
    );
    if (isKnown > 0) return false;
    this.#mine = NOTHING;
    this.#id = randomUUID();
    await this.database.run(
      'INSERT INTO collector VALUES ($1, $2, $3, clock_timestamp())',
      [this.#id, hostname(), process.pid],
      'heartbeat',
    );
    return true;
  }

  async #look(): Promise<{ living: string[]; owners: Map<number, string | null>; changes: Map<string, number> }> {
    return this.database.session('heartbeat', async (session) => {
      await session.run(
        `DELETE FROM collector WHERE seen_at < clock_timestamp() - interval '${DEAD_AFTER_MS} milliseconds'`,
      );
      const [living, owners, changes] = await session.script(
        'SELECT id FROM collector; SELECT shard, collector FROM work_share; SELECT kind, number FROM change',
      );
      return {
        living: living!.map(({ id }) => String(id)),
        owners: new Map(owners!.map(({ shard, collector }) => [Number(shard), collector as string | null])),
        changes: new Map(changes!.map(({ kind, number }) => [String(kind), Number(number)])),
      };
    });
  }

  /** Shards that are being worked on are given up next time. */
  #release(shards: readonly number[]): Promise<number> {
    return this.database.run(
      `UPDATE work_share SET collector = NULL WHERE shard IN
         (SELECT shard FROM work_share WHERE shard = ANY($1) AND collector = $2 ORDER BY shard FOR UPDATE SKIP LOCKED)`,
      [shards, this.#id],
      'heartbeat',
    );
  }

  async #take(shards: readonly number[]): Promise<number[]> {
    const rows = await this.database.query<{ shard: number }>(
      `UPDATE work_share SET collector = $2 WHERE shard IN
         (SELECT shard FROM work_share WHERE shard = ANY($1) AND (collector IS NULL OR collector NOT IN (SELECT id FROM collector))
          ORDER BY shard FOR UPDATE SKIP LOCKED)
       RETURNING shard`,
      [shards, this.#id],
      'heartbeat',
    );
    return rows.map(({ shard }) => shard);
  }

  #tell(before: ReadonlySet<number>, changes: Map<string, number>, isNew: boolean): void {
    const changed = new Set<string>(isNew ? ['rejoined'] : []);
    for (const [kind, number] of changes) if (this.#changes.get(kind) !== number) changed.add(kind);
    this.#changes = changes;
    if (before.size !== this.#mine.size || [...this.#mine].some((shard) => !before.has(shard))) {
      changed.add('shares');
      this.logger?.info({ shards: this.#mine.size, of: SHARDS }, 'The share of the work has changed');
    }
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed);
  }
}

const NOTHING: ReadonlySet<number> = new Set();

/** The living collector with the highest number for a shard ("rendezvous hashing"). */
function preferred(shard: number, living: readonly string[]): string | undefined {
  let best: string | undefined;
  let highest = '';
  for (const id of living) {
    const rank = createHash('sha256').update(`${shard} ${id}`).digest('hex');
    if (rank > highest) {
      highest = rank;
      best = id;
    }
  }
  return best;
}

/** Tells other collectors that something of this kind is not as they remember it; within the caller's transaction. */
export async function noteChange(session: Session, kind: string): Promise<void> {
  await session.run('INSERT INTO change VALUES ($1, 1) ON CONFLICT (kind) DO UPDATE SET number = change.number + 1', [
    kind,
  ]);
}
