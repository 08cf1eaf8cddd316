/**
 * Compares what a server does under a policy with what it did before, as long as the policy is watched: undoes it early when it is
 * clearly worse, at the end when it is surely worse or nobody can tell, and keeps it otherwise. Every collector saves what it has
 * seen, so that one of several can judge, and one that was killed goes on where it was.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { quantileOfCounts } from '../model/latencyCounts.ts';
import type { ComparedTool, Judgement, JudgeRequest, SliceFigures } from '../model/optimization/judgement.ts';
import type { Strategy } from '../model/optimization/plan.ts';
import type { PolicyFigures, PolicyRecord } from '../model/optimization/policyRecord.ts';
import type { Store, TimeRange } from '../store/store.ts';
import type { FigureBook } from './figureBook.ts';
import { SLICE_MS } from './serverSlices.ts';
import { coarsened, togetherByStart } from './slices.ts';

const KIND = 'policy_figures';

/** What is before is as long as what is after, up to this. */
const LONGEST_BEFORE_MS = 600_000;
/** From the decision until every process has heard of it; the calls that were under way then have to end as well. */
const HEARING_MS = 4_000;
/** Of the time that a policy is watched, at most this share is waited for that. */
const SETTLING_SHARE = 1 / 2;
/** Of what is before, the last ten seconds tell what is under way when a policy comes. */
const NEWEST_SLICES = 5;
const SLOWEST = 0.99;
const SAVE_EVERY_MS = 10_000;

/** One chance in 2,000 each time that it is undone early for nothing; and 5 in 100 at the end. */
const CLEARLY = { z: 3.3, tolerancePercent: 10 } as const;
const SURELY = { z: 1.645, tolerancePercent: 3 } as const;

export interface WatchDeps {
  store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>;
  clock: Pick<Clock, 'nowMs'>;
  figures: FigureBook;
  judge(request: JudgeRequest): Promise<Judgement>;
  goodputLossPercent(strategy: Strategy): number;
}

/** `early`: undo it now; `final`: its time is over. */
export interface Finding {
  kind: 'early' | 'final';
  judgement: Judgement;
}

export class Watch {
  /** Of this process: what it has saved is not to be counted beside what it remembers. */
  readonly #id = randomUUID();
  readonly #savedMs = new Map<string, number>();

  constructor(private readonly deps: WatchDeps) {}

  /** Saves what this collector has seen of it, now and then. */
  async save(record: PolicyRecord, nowMs: number): Promise<void> {
    const policy = policyKey(record);
    if (nowMs < (this.#savedMs.get(policy) ?? 0) + SAVE_EVERY_MS) return;
    this.#savedMs.set(policy, nowMs);
    const figures = this.#seen(record, nowMs);
    const isEmpty = [figures.before, figures.after].every((side) =>
      Object.values(side).every(({ length }) => length === 0),
    );
    if (isEmpty) return;
    await this.deps.store.saveItems(KIND, [{ key: `${policy} ${this.#id}`, value: figures, server: record.server }]);
  }

  /** @returns undefined while there is nothing to be done */
  async look(record: PolicyRecord, nowMs: number): Promise<Finding | undefined> {
    const isOver = nowMs >= record.watchUntilMs;
    const tools = await this.#compared(record, nowMs);
    const judgement = await this.deps.judge({
      target: record.target,
      goodputLossPercent: this.deps.goodputLossPercent(record.strategy),
      ...(isOver ? SURELY : CLEARLY),
      tools,
    });
    if (isOver) return { kind: 'final', judgement };
    return judgement.verdict === 'worse' ? { kind: 'early', judgement } : undefined;
  }

  /** Forgets what was saved of policies that are no longer watched. */
  async forget(watched: readonly PolicyRecord[]): Promise<void> {
    const kept = new Set(watched.map(policyKey));
    const items = await this.deps.store.readItems(KIND);
    const old = items.filter(({ value }) => !kept.has(policyKey(value as PolicyFigures))).map(({ key }) => key);
    if (old.length > 0) await this.deps.store.deleteItems(KIND, old);
    for (const policy of this.#savedMs.keys()) if (!kept.has(policy)) this.#savedMs.delete(policy);
  }

  async #compared(record: PolicyRecord, nowMs: number): Promise<ComparedTool[]> {
    const policy = policyKey(record);
    const items = await this.deps.store.readItems(KIND);
    const others = items
      .filter(({ key, value }) => policyKey(value as PolicyFigures) === policy && key !== `${policy} ${this.#id}`)
      .map(({ value }) => value as PolicyFigures);
    const all = [this.#seen(record, nowMs), ...others];
    return watchedTools(record).map((tool) => {
      const side = (which: 'before' | 'after') => togetherByStart(all.map((figures) => figures[which][tool] ?? []));
      return { tool, before: side('before'), after: side('after') };
    });
  }

  #seen(record: PolicyRecord, nowMs: number): PolicyFigures {
    const { server, version } = record;
    const before = new Map<string, SliceFigures[]>();
    const after = new Map<string, SliceFigures[]>();
    for (const tool of watchedTools(record)) {
      const slices = (range: TimeRange) => this.deps.figures.slices(server, tool, range);
      const wholeBefore = slices(beforeRange(record));
      before.set(tool, coarsened(wholeBefore, sliceMs(record)));
      after.set(tool, coarsened(slices(this.#afterRange(record, wholeBefore, nowMs)), sliceMs(record)));
    }
    // Names are a stranger's: `__proto__` is one like any other.
    return { server, version, before: Object.fromEntries(before), after: Object.fromEntries(after) };
  }

  /** A server whose event loop is late hears of a policy late as well. */
  #afterRange(record: PolicyRecord, before: readonly SliceFigures[], nowMs: number): TimeRange {
    const { server, version, appliedAtMs, watchUntilMs } = record;
    const heardMs = Math.max(appliedAtMs + HEARING_MS, this.deps.figures.heardMs(server, version) ?? 0);
    const latestMs = appliedAtMs + SETTLING_SHARE * (watchUntilMs - appliedAtMs);
    return { fromMs: Math.min(heardMs + endingMs(before), latestMs), toMs: Math.min(nowMs, watchUntilMs) };
  }
}

/** From when on figures of a server are needed. */
export function neededFromMs(record: PolicyRecord): number {
  return beforeRange(record).fromMs;
}

/** The tools that it concerns, and the whole server. */
function watchedTools({ tools }: PolicyRecord): string[] {
  return ['', ...Object.keys(tools).filter((tool) => tool !== '*')];
}

/** At most 150 slices: more tell nothing more about how they differ. */
function sliceMs({ appliedAtMs, watchUntilMs }: PolicyRecord): number {
  return SLICE_MS * Math.ceil((watchUntilMs - appliedAtMs) / (150 * SLICE_MS));
}

function beforeRange({ appliedAtMs, watchUntilMs }: PolicyRecord): TimeRange {
  const lengthMs = Math.min(LONGEST_BEFORE_MS, watchUntilMs - appliedAtMs);
  return { fromMs: appliedAtMs - lengthMs, toMs: appliedAtMs };
}

/**
 * How long it takes until what was under way has ended: by Little's law as many calls by how many are answered a second, and at
 * least as long as the slowest of those before have taken, because of what waits in a socket nobody knows how many it is.
 */
function endingMs(before: readonly SliceFigures[]): number {
  const newest = before.slice(-NEWEST_SLICES);
  const answeredPerMs = newest.reduce((sum, { ok, lengthMs }) => sum + ok / lengthMs, 0) / newest.length;
  const underWay = newest.at(-1)?.underWay ?? 0;
  const slowestMs = quantileOfCounts(
    newest.flatMap(({ durations }) => durations),
    SLOWEST,
  );
  return Math.max(answeredPerMs > 0 ? underWay / answeredPerMs : 0, Number.isNaN(slowestMs) ? 0 : slowestMs);
}

function policyKey({ server, version }: Pick<PolicyRecord, 'server' | 'version'>): string {
  return `${server} ${version}`;
}
